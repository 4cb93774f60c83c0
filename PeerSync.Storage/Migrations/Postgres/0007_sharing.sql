-- Users, logins, teams, device keys, shares and the feed of the Sharing feature. Ids are 25 characters that begin with "c", without meaning.

-- account names who logged in where: "github:<number>", or "dev:<name>" for the development login. stored_bytes is what the quota counts.
CREATE TABLE sharing_users (
    id           text NOT NULL PRIMARY KEY CHECK (length(id) = 25),
    account      text NOT NULL UNIQUE CHECK (length(account) BETWEEN 1 AND 255),
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    email        text NOT NULL CHECK (length(email) BETWEEN 1 AND 320),
    avatar_url   text          CHECK (length(avatar_url) <= 2048),
    stored_bytes bigint NOT NULL DEFAULT 0 CHECK (stored_bytes >= 0),
    created_at   timestamptz NOT NULL
);

-- A login. generation grows with each refresh: a refresh token of a former one shows that somebody has copied it.
CREATE TABLE sharing_sessions (
    id           text NOT NULL PRIMARY KEY CHECK (length(id) = 25),
    user_id      text NOT NULL REFERENCES sharing_users (id) ON DELETE CASCADE,
    client       text          CHECK (length(client) <= 255),
    generation   bigint NOT NULL DEFAULT 0 CHECK (generation >= 0),
    created_at   timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);

CREATE INDEX sharing_sessions_user_idx ON sharing_sessions (user_id);
CREATE INDEX sharing_sessions_expires_at_idx ON sharing_sessions (expires_at);

-- A login through the browser: it waits for GitHub's answer, then perhaps for the word of whoever sits there, and is taken once.
-- verifier is PKCE's (RFC 7636); client_key is null where the answer goes to the browser itself.
CREATE TABLE sharing_handshakes (
    id           text NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 16 AND 64),
    state        text NOT NULL CHECK (state IN ('waiting', 'exchanging', 'confirming', 'ready')),
    client_key   text,
    verifier     text NOT NULL,
    confirmation text,
    result       text,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);

CREATE INDEX sharing_handshakes_expires_at_idx ON sharing_handshakes (expires_at);

-- retention_days is how long shares are kept; null for as long as the server's settings say.
CREATE TABLE sharing_teams (
    id             text NOT NULL PRIMARY KEY CHECK (length(id) = 25),
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    slug           text NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 64),
    owner_id       text NOT NULL REFERENCES sharing_users (id),
    retention_days bigint CHECK (retention_days BETWEEN 1 AND 3650),
    created_at     timestamptz NOT NULL
);

CREATE INDEX sharing_teams_owner_idx ON sharing_teams (owner_id);

CREATE TABLE sharing_members (
    team_id   text NOT NULL REFERENCES sharing_teams (id) ON DELETE CASCADE,
    user_id   text NOT NULL REFERENCES sharing_users (id) ON DELETE CASCADE,
    role      text NOT NULL CHECK (role IN ('OWNER', 'MEMBER')),
    joined_at timestamptz NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

CREATE INDEX sharing_members_user_idx ON sharing_members (user_id, joined_at);

-- Exactly one owner a team.
CREATE UNIQUE INDEX sharing_members_owner_idx ON sharing_members (team_id) WHERE role = 'OWNER';

-- The token itself is not kept, only its SHA-256. Consumed by the first new member, who alone may come with it again.
CREATE TABLE sharing_invitations (
    id          text NOT NULL PRIMARY KEY CHECK (length(id) = 25),
    token_hash  bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    team_id     text NOT NULL REFERENCES sharing_teams (id) ON DELETE CASCADE,
    inviter_id  text NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    accepted_by text,
    accepted_at timestamptz,
    revoked_at  timestamptz
);

CREATE INDEX sharing_invitations_team_idx ON sharing_invitations (team_id, created_at);
CREATE INDEX sharing_invitations_expires_at_idx ON sharing_invitations (expires_at);

-- slot makes the limit of devices a constraint: two registrations cannot both take the last one. Keys are JSON Web Keys as JSON text.
CREATE TABLE sharing_devices (
    user_id        text NOT NULL REFERENCES sharing_users (id) ON DELETE CASCADE,
    device_id      text NOT NULL CHECK (length(device_id) BETWEEN 1 AND 128),
    slot           bigint NOT NULL CHECK (slot BETWEEN 0 AND 15),
    encryption_key text NOT NULL,
    signing_key    text,
    algorithm      text NOT NULL CHECK (length(algorithm) BETWEEN 1 AND 64),
    fingerprint    text NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    PRIMARY KEY (user_id, device_id),
    UNIQUE (user_id, slot)
);

-- A message from one of a user's windows to the next one. The token is not kept, only its SHA-256.
CREATE TABLE sharing_pairings (
    token_hash bytea NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id    text NOT NULL REFERENCES sharing_users (id) ON DELETE CASCADE,
    iv         text NOT NULL,
    ciphertext text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX sharing_pairings_user_idx ON sharing_pairings (user_id);
CREATE INDEX sharing_pairings_expires_at_idx ON sharing_pairings (expires_at);

-- Without a team it is a direct message. metadata is the client's own JSON as lists show it. number orders shares of one microsecond. wraps counts
-- the wrapped keys, size what the quota counts.
CREATE TABLE sharing_shares (
    number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         text NOT NULL UNIQUE CHECK (length(id) = 25),
    author_id  text NOT NULL REFERENCES sharing_users (id) ON DELETE CASCADE,
    team_id    text REFERENCES sharing_teams (id) ON DELETE CASCADE,
    wraps      bigint NOT NULL CHECK (wraps >= 0),
    size       bigint NOT NULL CHECK (size >= 0),
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    metadata   text NOT NULL
);

-- What only a reader of the share itself needs, apart from what lists read and what changes with each wrapped key. metadata is the whole of it,
-- null where lists show it whole.
CREATE TABLE sharing_contents (
    share_number bigint NOT NULL PRIMARY KEY REFERENCES sharing_shares (number) ON DELETE CASCADE,
    iv           text NOT NULL,
    aad          text,
    metadata     text,
    ciphertext   text NOT NULL
);

CREATE INDEX sharing_shares_team_idx ON sharing_shares (team_id, number);
CREATE INDEX sharing_shares_author_idx ON sharing_shares (author_id, number);
CREATE INDEX sharing_shares_direct_idx ON sharing_shares (author_id, number) WHERE team_id IS NULL;
CREATE INDEX sharing_shares_created_at_idx ON sharing_shares (created_at);
CREATE INDEX sharing_shares_expires_at_idx ON sharing_shares (expires_at) WHERE expires_at IS NOT NULL;

-- Wrapped keys in the order in which they came, duplicates and all: one row for each request that brought some. wraps is the inside of a JSON array.
CREATE TABLE sharing_wraps (
    share_number bigint NOT NULL REFERENCES sharing_shares (number) ON DELETE CASCADE,
    position     bigint NOT NULL,
    wraps        text NOT NULL,
    PRIMARY KEY (share_number, position)
);

-- For whom a share has a wrapped key, each device once: who may read it, and which devices still miss one.
CREATE TABLE sharing_recipients (
    share_number bigint NOT NULL REFERENCES sharing_shares (number) ON DELETE CASCADE,
    user_id      text NOT NULL,
    device_id    text NOT NULL,
    PRIMARY KEY (share_number, user_id, device_id)
);

CREATE INDEX sharing_recipients_user_idx ON sharing_recipients (user_id, share_number);

-- What has happened, for clients that come back. Who may see an event: the team's members where it names a team, those with whom subject_id
-- shares a team and subject_id itself where it names one, and whoever is named in sharing_event_users. brief is the payload without titles and
-- names, null where the payload has none.
CREATE TABLE sharing_events (
    id         bigint NOT NULL PRIMARY KEY,
    at         timestamptz NOT NULL,
    name       text NOT NULL,
    payload    text NOT NULL,
    brief      text,
    team_id    text,
    subject_id text
);

CREATE INDEX sharing_events_at_idx ON sharing_events (at);
CREATE INDEX sharing_events_team_idx ON sharing_events (team_id, id);
CREATE INDEX sharing_events_subject_idx ON sharing_events (subject_id, id);

CREATE TABLE sharing_event_users (
    event_id bigint NOT NULL REFERENCES sharing_events (id) ON DELETE CASCADE,
    user_id  text NOT NULL,
    PRIMARY KEY (event_id, user_id)
);

CREATE INDEX sharing_event_users_user_idx ON sharing_event_users (user_id, event_id);

-- The number of the last event. Whoever appends one holds this row until the commit, so that events become visible in the order of their
-- numbers and without a gap: a reader who has seen one has seen all before it.
CREATE TABLE sharing_feed (
    only_row bigint NOT NULL PRIMARY KEY CHECK (only_row = 1),
    last_id  bigint NOT NULL
);

INSERT INTO sharing_feed (only_row, last_id) VALUES (1, 0);

-- A team's owner reads what was done to the team, and everybody what concerns oneself.
CREATE INDEX audit_sharing_subject_idx ON audit (subject, id) WHERE feature = 'sharing';
CREATE INDEX audit_sharing_actor_idx ON audit (actor, id) WHERE feature = 'sharing';
