-- Devices, blocks, bans, reports and strikes of the Calls feature. A device is the name that its client has chosen: 1 to 128 characters.
-- Other devices are named without references: one may be blocked, reported or banned before it was ever seen, and after it was forgotten.
-- Times are microseconds since 1970-01-01T00:00:00Z.

-- user_id is how moderators are named in decisions; calls, skips and seconds are what the rating is made of.
CREATE TABLE calls_devices (
    id            TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 128),
    user_id       TEXT NOT NULL UNIQUE CHECK (length(user_id) = 36),
    role          TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'admin')),
    rating        INTEGER NOT NULL DEFAULT 70 CHECK (rating BETWEEN 0 AND 100),
    calls         INTEGER NOT NULL DEFAULT 0 CHECK (calls >= 0),
    skips         INTEGER NOT NULL DEFAULT 0 CHECK (skips BETWEEN 0 AND calls),
    seconds       INTEGER NOT NULL DEFAULT 0 CHECK (seconds >= 0),
    created_at    INTEGER NOT NULL,
    last_seen     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX calls_devices_last_seen_idx ON calls_devices (last_seen);
CREATE INDEX calls_devices_role_idx ON calls_devices (role) WHERE role <> 'user';

CREATE TABLE calls_blocks (
    blocker    TEXT NOT NULL CHECK (length(blocker) BETWEEN 1 AND 128),
    blocked    TEXT NOT NULL CHECK (length(blocked) BETWEEN 1 AND 128),
    id         TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
    reason     TEXT          CHECK (length(reason) <= 500),
    session_id TEXT          CHECK (length(session_id) <= 128),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (blocker, blocked),
    CHECK (blocker <> blocked)
) WITHOUT ROWID;

-- Blocks count in both directions.
CREATE INDEX calls_blocks_blocked_idx ON calls_blocks (blocked);

-- A ban for ever ends in the year 9999. report_id is the report that it came from: a decision that is taken back takes its ban back.
CREATE TABLE calls_bans (
    device_id  TEXT NOT NULL PRIMARY KEY CHECK (length(device_id) BETWEEN 1 AND 128),
    reason     TEXT NOT NULL,
    banned_by  TEXT,
    report_id  TEXT,
    banned_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX calls_bans_expires_at_idx ON calls_bans (expires_at);
CREATE INDEX calls_bans_banned_at_idx ON calls_bans (banned_at);

-- A report is shown to one moderator at a time: until leased_until it belongs to leased_by.
CREATE TABLE calls_reports (
    id           TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    reporter     TEXT NOT NULL CHECK (length(reporter) BETWEEN 1 AND 128),
    reported     TEXT NOT NULL CHECK (length(reported) BETWEEN 1 AND 128),
    session_id   TEXT NOT NULL CHECK (length(session_id) BETWEEN 1 AND 128),
    reason       TEXT NOT NULL,
    comment      TEXT          CHECK (length(comment) <= 2000),
    status       TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'rejected')),
    submitted_at INTEGER NOT NULL,
    leased_by    TEXT,
    leased_until INTEGER NOT NULL,
    moderator    TEXT,
    moderated_at INTEGER,
    CHECK ((status = 'pending') = (moderated_at IS NULL))
) WITHOUT ROWID;

-- Whoever says the same twice has said it once.
CREATE UNIQUE INDEX calls_reports_said_key ON calls_reports (reporter, reported, session_id, reason);
CREATE INDEX calls_reports_queue_idx ON calls_reports (status, submitted_at);
CREATE INDEX calls_reports_reported_idx ON calls_reports (reported, status);

-- The last lines of the chat that a report is about, for a time of their own.
CREATE TABLE calls_report_evidence (
    report_id  TEXT NOT NULL REFERENCES calls_reports (id) ON DELETE CASCADE,
    line       INTEGER NOT NULL CHECK (line >= 0),
    sender     TEXT NOT NULL,
    message    TEXT NOT NULL,
    sent_at    INTEGER NOT NULL,
    kept_until INTEGER NOT NULL,
    PRIMARY KEY (report_id, line)
) WITHOUT ROWID;

CREATE INDEX calls_report_evidence_kept_until_idx ON calls_report_evidence (kept_until);

-- What the statistics count since the first day, whatever was deleted meanwhile.
CREATE TABLE calls_counters (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL CHECK (value >= 0)
) WITHOUT ROWID;

CREATE TABLE calls_strikes (
    device_id  TEXT NOT NULL CHECK (length(device_id) BETWEEN 1 AND 128),
    id         TEXT NOT NULL CHECK (length(id) = 36),
    category   TEXT NOT NULL,
    struck_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (device_id, id)
) WITHOUT ROWID;

CREATE INDEX calls_strikes_expires_at_idx ON calls_strikes (expires_at);

-- Who may not write in calls, until when.
CREATE TABLE calls_restrictions (
    device_id TEXT NOT NULL PRIMARY KEY CHECK (length(device_id) BETWEEN 1 AND 128),
    until     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX calls_restrictions_until_idx ON calls_restrictions (until);
