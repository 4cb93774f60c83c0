-- Users, networks and memberships of the Peers feature.
-- Ids are text because a token's subject need not be a UUID: keys of one's own sign any subject.

CREATE TABLE users (
    id            text        NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 512),
    email         text        NOT NULL,
    display_name  text        NOT NULL,
    provider      text        NOT NULL DEFAULT 'email',
    avatar_url    text,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    last_login_at timestamptz
);

CREATE TABLE networks (
    id          text        NOT NULL PRIMARY KEY,
    invite_code text        NOT NULL,
    created_by  text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at  timestamptz NOT NULL
);

-- Codes are typed by people: two that differ in case only must not exist.
CREATE UNIQUE INDEX networks_invite_code_key ON networks (lower(invite_code));
CREATE INDEX networks_created_by_idx ON networks (created_by);

-- The key is the user alone: nobody can be in two networks at a time.
CREATE TABLE network_members (
    user_id    text        NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    network_id text        NOT NULL REFERENCES networks (id) ON DELETE CASCADE,
    joined_at  timestamptz NOT NULL
);

CREATE INDEX network_members_network_id_idx ON network_members (network_id);
