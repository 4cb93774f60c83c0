-- Users, networks and memberships of the Peers feature.
-- Ids are text because a token's subject need not be a UUID: keys of one's own sign any subject.
-- Times are microseconds since 1970-01-01T00:00:00Z, because SQLite has no type for them and whole numbers sort and index well.

CREATE TABLE users (
    id            TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 512),
    email         TEXT    NOT NULL,
    display_name  TEXT    NOT NULL,
    provider      TEXT    NOT NULL DEFAULT 'email',
    avatar_url    TEXT,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    last_login_at INTEGER
) WITHOUT ROWID;

CREATE TABLE networks (
    id          TEXT    NOT NULL PRIMARY KEY,
    invite_code TEXT    NOT NULL,
    created_by  TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL
) WITHOUT ROWID;

-- Codes are typed by people: two that differ in case only must not exist.
CREATE UNIQUE INDEX networks_invite_code_key ON networks (lower(invite_code));
CREATE INDEX networks_created_by_idx ON networks (created_by);

-- The key is the user alone: nobody can be in two networks at a time.
CREATE TABLE network_members (
    user_id    TEXT    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    network_id TEXT    NOT NULL REFERENCES networks (id) ON DELETE CASCADE,
    joined_at  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX network_members_network_id_idx ON network_members (network_id);
