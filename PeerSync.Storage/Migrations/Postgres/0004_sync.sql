-- Users, devices, profiles, revocations and pairing codes of the Sync feature.
-- A user is an Ed25519 public key: 64 lower-case hexadecimal digits. A device is a UUID in lower-case text form.

CREATE TABLE sync_users (
    id            text        NOT NULL PRIMARY KEY CHECK (id ~ '^[0-9a-f]{64}$'),
    created_at    timestamptz NOT NULL,
    last_activity timestamptz NOT NULL
);

-- own_key is the identity that first registered the device, user_id whose devices it belongs to: pairing over the socket parts the two.
CREATE TABLE sync_devices (
    id            text        NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    user_id       text        NOT NULL REFERENCES sync_users (id) ON DELETE CASCADE,
    own_key       text        NOT NULL CHECK (own_key ~ '^[0-9a-f]{64}$'),
    name          text                 CHECK (length(name) BETWEEN 1 AND 50),
    type          text                 CHECK (type IN ('mobile', 'desktop', 'web')),
    registered_at timestamptz NOT NULL,
    last_seen     timestamptz NOT NULL,
    confirmed     bigint      NOT NULL DEFAULT 0 CHECK (confirmed >= 0)
);

-- Devices without a name do not meet: nulls are distinct.
CREATE UNIQUE INDEX sync_devices_name_key ON sync_devices (user_id, name);
CREATE INDEX sync_devices_last_seen_idx ON sync_devices (last_seen);

CREATE TABLE sync_profiles (
    user_id              text        NOT NULL PRIMARY KEY REFERENCES sync_users (id) ON DELETE CASCADE,
    display_name         text                 CHECK (length(display_name) BETWEEN 1 AND 100),
    email                text,
    avatar_url           text,
    theme                text                 CHECK (theme IN ('light', 'dark', 'auto')),
    notifications        bigint               CHECK (notifications IN (0, 1)),
    auto_sync            bigint               CHECK (auto_sync IN (0, 1)),
    onboarding_completed bigint      NOT NULL DEFAULT 0 CHECK (onboarding_completed IN (0, 1)),
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL
);

-- No references: a revocation outlives the device's row, and the account.
CREATE TABLE sync_revocations (
    device_id  text        NOT NULL PRIMARY KEY CHECK (length(device_id) = 36),
    user_id    text        NOT NULL CHECK (user_id ~ '^[0-9a-f]{64}$'),
    reason     text,
    revoked_by text,
    revoked_at timestamptz NOT NULL
);

CREATE INDEX sync_revocations_user_id_idx ON sync_revocations (user_id, revoked_at);
CREATE INDEX sync_revocations_revoked_at_idx ON sync_revocations (revoked_at);

-- A code is kept as a keyed hash, and what it stands for only sealed, so that neither can be read from the database alone.
CREATE TABLE sync_pairings (
    code_hash  text        NOT NULL PRIMARY KEY CHECK (length(code_hash) = 64),
    user_id    text        NOT NULL REFERENCES sync_users (id) ON DELETE CASCADE,
    device_id  text        NOT NULL CHECK (length(device_id) = 36),
    record     text,
    used       bigint      NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
    expires_at timestamptz NOT NULL,
    CHECK (used = 0 OR record IS NULL)
);

-- One code at a time for each device; used ones stay to be answered as such.
CREATE UNIQUE INDEX sync_pairings_device_key ON sync_pairings (user_id, device_id) WHERE used = 0;
CREATE INDEX sync_pairings_user_id_idx ON sync_pairings (user_id);
CREATE INDEX sync_pairings_expires_at_idx ON sync_pairings (expires_at);
