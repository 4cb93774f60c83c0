-- Users, devices, profiles, revocations and pairing codes of the Sync feature.
-- A user is an Ed25519 public key: 64 lower-case hexadecimal digits. A device is a UUID in lower-case text form.
-- Times are microseconds since 1970-01-01T00:00:00Z, because SQLite has no type for them and whole numbers sort and index well.

CREATE TABLE sync_users (
    id            TEXT    NOT NULL PRIMARY KEY CHECK (length(id) = 64 AND id NOT GLOB '*[^0-9a-f]*'),
    created_at    INTEGER NOT NULL,
    last_activity INTEGER NOT NULL
) WITHOUT ROWID;

-- own_key is the identity that first registered the device, user_id whose devices it belongs to: pairing over the socket parts the two.
CREATE TABLE sync_devices (
    id            TEXT    NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    user_id       TEXT    NOT NULL REFERENCES sync_users (id) ON DELETE CASCADE,
    own_key       TEXT    NOT NULL CHECK (length(own_key) = 64 AND own_key NOT GLOB '*[^0-9a-f]*'),
    name          TEXT             CHECK (length(name) BETWEEN 1 AND 50),
    type          TEXT             CHECK (type IN ('mobile', 'desktop', 'web')),
    registered_at INTEGER NOT NULL,
    last_seen     INTEGER NOT NULL,
    confirmed     INTEGER NOT NULL DEFAULT 0 CHECK (confirmed >= 0)
) WITHOUT ROWID;

-- Devices without a name do not meet: nulls are distinct.
CREATE UNIQUE INDEX sync_devices_name_key ON sync_devices (user_id, name);
CREATE INDEX sync_devices_last_seen_idx ON sync_devices (last_seen);

CREATE TABLE sync_profiles (
    user_id              TEXT    NOT NULL PRIMARY KEY REFERENCES sync_users (id) ON DELETE CASCADE,
    display_name         TEXT             CHECK (length(display_name) BETWEEN 1 AND 100),
    email                TEXT,
    avatar_url           TEXT,
    theme                TEXT             CHECK (theme IN ('light', 'dark', 'auto')),
    notifications        INTEGER          CHECK (notifications IN (0, 1)),
    auto_sync            INTEGER          CHECK (auto_sync IN (0, 1)),
    onboarding_completed INTEGER NOT NULL DEFAULT 0 CHECK (onboarding_completed IN (0, 1)),
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL
) WITHOUT ROWID;

-- No references: a revocation outlives the device's row, and the account.
CREATE TABLE sync_revocations (
    device_id  TEXT    NOT NULL PRIMARY KEY CHECK (length(device_id) = 36),
    user_id    TEXT    NOT NULL CHECK (length(user_id) = 64 AND user_id NOT GLOB '*[^0-9a-f]*'),
    reason     TEXT,
    revoked_by TEXT,
    revoked_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX sync_revocations_user_id_idx ON sync_revocations (user_id, revoked_at);
CREATE INDEX sync_revocations_revoked_at_idx ON sync_revocations (revoked_at);

-- A code is kept as a keyed hash, and what it stands for only sealed, so that neither can be read from the database alone.
CREATE TABLE sync_pairings (
    code_hash  TEXT    NOT NULL PRIMARY KEY CHECK (length(code_hash) = 64),
    user_id    TEXT    NOT NULL REFERENCES sync_users (id) ON DELETE CASCADE,
    device_id  TEXT    NOT NULL CHECK (length(device_id) = 36),
    record     TEXT,
    used       INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
    expires_at INTEGER NOT NULL,
    CHECK (used = 0 OR record IS NULL)
) WITHOUT ROWID;

-- One code at a time for each device; used ones stay to be answered as such.
CREATE UNIQUE INDEX sync_pairings_device_key ON sync_pairings (user_id, device_id) WHERE used = 0;
CREATE INDEX sync_pairings_user_id_idx ON sync_pairings (user_id);
CREATE INDEX sync_pairings_expires_at_idx ON sync_pairings (expires_at);
