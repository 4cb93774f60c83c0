-- Users, logins, teams, device keys, shares and the feed of the Sharing feature. Ids are 25 characters that begin with "c", without meaning.
-- Times are microseconds since 1970-01-01T00:00:00Z.

-- account names who logged in where: "github:<number>", or "dev:<name>" for the development login. stored_bytes is what the quota counts.
CREATE TABLE sharing_users (
    id           TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 25),
    account      TEXT NOT NULL UNIQUE CHECK (length(account) BETWEEN 1 AND 255),
    name         TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    email        TEXT NOT NULL CHECK (length(email) BETWEEN 1 AND 320),
    avatar_url   TEXT          CHECK (length(avatar_url) <= 2048),
    stored_bytes INTEGER NOT NULL DEFAULT 0 CHECK (stored_bytes >= 0),
    created_at   INTEGER NOT NULL
) WITHOUT ROWID;

-- A login. generation grows with each refresh: a refresh token of a former one shows that somebody has copied it.
CREATE TABLE sharing_sessions (
    id           TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 25),
    user_id      TEXT NOT NULL REFERENCES sharing_users (id) ON DELETE CASCADE,
    client       TEXT          CHECK (length(client) <= 255),
    generation   INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0),
    created_at   INTEGER NOT NULL,
    refreshed_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER
) WITHOUT ROWID;

CREATE INDEX sharing_sessions_user_idx ON sharing_sessions (user_id);
CREATE INDEX sharing_sessions_expires_at_idx ON sharing_sessions (expires_at);

-- A login through the browser: it waits for GitHub's answer, then perhaps for the word of whoever sits there, and is taken once.
-- verifier is PKCE's (RFC 7636); client_key is null where the answer goes to the browser itself.
CREATE TABLE sharing_handshakes (
    id           TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 16 AND 64),
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'exchanging', 'confirming', 'ready')),
    client_key   TEXT,
    verifier     TEXT NOT NULL,
    confirmation TEXT,
    result       TEXT,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX sharing_handshakes_expires_at_idx ON sharing_handshakes (expires_at);

-- retention_days is how long shares are kept; null for as long as the server's settings say.
CREATE TABLE sharing_teams (
    id             TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 25),
    name           TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    slug           TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 64),
    owner_id       TEXT NOT NULL REFERENCES sharing_users (id),
    retention_days INTEGER CHECK (retention_days BETWEEN 1 AND 3650),
    created_at     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX sharing_teams_owner_idx ON sharing_teams (owner_id);

CREATE TABLE sharing_members (
    team_id   TEXT NOT NULL REFERENCES sharing_teams (id) ON DELETE CASCADE,
    user_id   TEXT NOT NULL REFERENCES sharing_users (id) ON DELETE CASCADE,
    role      TEXT NOT NULL CHECK (role IN ('OWNER', 'MEMBER')),
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (team_id, user_id)
) WITHOUT ROWID;

CREATE INDEX sharing_members_user_idx ON sharing_members (user_id, joined_at);

-- Exactly one owner a team.
CREATE UNIQUE INDEX sharing_members_owner_idx ON sharing_members (team_id) WHERE role = 'OWNER';

-- The token itself is not kept, only its SHA-256. Consumed by the first new member, who alone may come with it again.
CREATE TABLE sharing_invitations (
    id          TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 25),
    token_hash  BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    team_id     TEXT NOT NULL REFERENCES sharing_teams (id) ON DELETE CASCADE,
    inviter_id  TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    accepted_by TEXT,
    accepted_at INTEGER,
    revoked_at  INTEGER
) WITHOUT ROWID;

CREATE INDEX sharing_invitations_team_idx ON sharing_invitations (team_id, created_at);
CREATE INDEX sharing_invitations_expires_at_idx ON sharing_invitations (expires_at);

-- slot makes the limit of devices a constraint: two registrations cannot both take the last one. Keys are JSON Web Keys as JSON text.
CREATE TABLE sharing_devices (
    user_id        TEXT NOT NULL REFERENCES sharing_users (id) ON DELETE CASCADE,
    device_id      TEXT NOT NULL CHECK (length(device_id) BETWEEN 1 AND 128),
    slot           INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 15),
    encryption_key TEXT NOT NULL,
    signing_key    TEXT,
    algorithm      TEXT NOT NULL CHECK (length(algorithm) BETWEEN 1 AND 64),
    fingerprint    TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    PRIMARY KEY (user_id, device_id),
    UNIQUE (user_id, slot)
) WITHOUT ROWID;

-- A message from one of a user's windows to the next one. The token is not kept, only its SHA-256.
CREATE TABLE sharing_pairings (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id    TEXT NOT NULL REFERENCES sharing_users (id) ON DELETE CASCADE,
    iv         TEXT NOT NULL,
    ciphertext TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX sharing_pairings_user_idx ON sharing_pairings (user_id);
CREATE INDEX sharing_pairings_expires_at_idx ON sharing_pairings (expires_at);

-- Without a team it is a direct message. metadata is the client's own JSON as lists show it. number orders shares of one microsecond. wraps counts
-- the wrapped keys, size what the quota counts.
CREATE TABLE sharing_shares (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE CHECK (length(id) = 25),
    author_id  TEXT NOT NULL REFERENCES sharing_users (id) ON DELETE CASCADE,
    team_id    TEXT REFERENCES sharing_teams (id) ON DELETE CASCADE,
    wraps      INTEGER NOT NULL CHECK (wraps >= 0),
    size       INTEGER NOT NULL CHECK (size >= 0),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    metadata   TEXT NOT NULL
);

-- What only a reader of the share itself needs, apart from what lists read and what changes with each wrapped key. metadata is the whole of it,
-- null where lists show it whole.
CREATE TABLE sharing_contents (
    share_number INTEGER PRIMARY KEY REFERENCES sharing_shares (number) ON DELETE CASCADE,
    iv           TEXT NOT NULL,
    aad          TEXT,
    metadata     TEXT,
    ciphertext   TEXT NOT NULL
);

CREATE INDEX sharing_shares_team_idx ON sharing_shares (team_id, number);
CREATE INDEX sharing_shares_author_idx ON sharing_shares (author_id, number);
CREATE INDEX sharing_shares_direct_idx ON sharing_shares (author_id, number) WHERE team_id IS NULL;
CREATE INDEX sharing_shares_created_at_idx ON sharing_shares (created_at);
CREATE INDEX sharing_shares_expires_at_idx ON sharing_shares (expires_at) WHERE expires_at IS NOT NULL;

-- Wrapped keys in the order in which they came, duplicates and all: one row for each request that brought some. wraps is the inside of a JSON array.
CREATE TABLE sharing_wraps (
    share_number INTEGER NOT NULL REFERENCES sharing_shares (number) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    wraps        TEXT NOT NULL,
    PRIMARY KEY (share_number, position)
) WITHOUT ROWID;

-- For whom a share has a wrapped key, each device once: who may read it, and which devices still miss one.
CREATE TABLE sharing_recipients (
    share_number INTEGER NOT NULL REFERENCES sharing_shares (number) ON DELETE CASCADE,
    user_id      TEXT NOT NULL,
    device_id    TEXT NOT NULL,
    PRIMARY KEY (share_number, user_id, device_id)
) WITHOUT ROWID;

CREATE INDEX sharing_recipients_user_idx ON sharing_recipients (user_id, share_number);

-- What has happened, for clients that come back. Who may see an event: the team's members where it names a team, those with whom subject_id
-- shares a team and subject_id itself where it names one, and whoever is named in sharing_event_users. brief is the payload without titles and
-- names, null where the payload has none.
CREATE TABLE sharing_events (
    id         INTEGER NOT NULL PRIMARY KEY,
    at         INTEGER NOT NULL,
    name       TEXT NOT NULL,
    payload    TEXT NOT NULL,
    brief      TEXT,
    team_id    TEXT,
    subject_id TEXT
);

CREATE INDEX sharing_events_at_idx ON sharing_events (at);
CREATE INDEX sharing_events_team_idx ON sharing_events (team_id, id);
CREATE INDEX sharing_events_subject_idx ON sharing_events (subject_id, id);

CREATE TABLE sharing_event_users (
    event_id INTEGER NOT NULL REFERENCES sharing_events (id) ON DELETE CASCADE,
    user_id  TEXT NOT NULL,
    PRIMARY KEY (event_id, user_id)
) WITHOUT ROWID;

CREATE INDEX sharing_event_users_user_idx ON sharing_event_users (user_id, event_id);

-- The number of the last event. Whoever appends one holds this row until the commit, so that events become visible in the order of their
-- numbers and without a gap: a reader who has seen one has seen all before it.
CREATE TABLE sharing_feed (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    last_id  INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO sharing_feed (only_row, last_id) VALUES (1, 0);

-- A team's owner reads what was done to the team, and everybody what concerns oneself.
CREATE INDEX audit_sharing_subject_idx ON audit (subject, id) WHERE feature = 'sharing';
CREATE INDEX audit_sharing_actor_idx ON audit (actor, id) WHERE feature = 'sharing';
