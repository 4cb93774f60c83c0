-- Devices, blocks, bans, reports and strikes of the Calls feature. A device is the name that its client has chosen: 1 to 128 characters.
-- Other devices are named without references: one may be blocked, reported or banned before it was ever seen, and after it was forgotten.

-- user_id is how moderators are named in decisions; calls, skips and seconds are what the rating is made of.
CREATE TABLE calls_devices (
    id            text NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 128),
    user_id       text NOT NULL UNIQUE CHECK (length(user_id) = 36),
    role          text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'admin')),
    rating        bigint NOT NULL DEFAULT 70 CHECK (rating BETWEEN 0 AND 100),
    calls         bigint NOT NULL DEFAULT 0 CHECK (calls >= 0),
    skips         bigint NOT NULL DEFAULT 0 CHECK (skips BETWEEN 0 AND calls),
    seconds       bigint NOT NULL DEFAULT 0 CHECK (seconds >= 0),
    created_at    timestamptz NOT NULL,
    last_seen     timestamptz NOT NULL
);

CREATE INDEX calls_devices_last_seen_idx ON calls_devices (last_seen);
CREATE INDEX calls_devices_role_idx ON calls_devices (role) WHERE role <> 'user';

CREATE TABLE calls_blocks (
    blocker    text NOT NULL CHECK (length(blocker) BETWEEN 1 AND 128),
    blocked    text NOT NULL CHECK (length(blocked) BETWEEN 1 AND 128),
    id         text NOT NULL UNIQUE CHECK (length(id) = 36),
    reason     text          CHECK (length(reason) <= 500),
    session_id text          CHECK (length(session_id) <= 128),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (blocker, blocked),
    CHECK (blocker <> blocked)
);

-- Blocks count in both directions.
CREATE INDEX calls_blocks_blocked_idx ON calls_blocks (blocked);

-- A ban for ever ends in the year 9999. report_id is the report that it came from: a decision that is taken back takes its ban back.
CREATE TABLE calls_bans (
    device_id  text NOT NULL PRIMARY KEY CHECK (length(device_id) BETWEEN 1 AND 128),
    reason     text NOT NULL,
    banned_by  text,
    report_id  text,
    banned_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX calls_bans_expires_at_idx ON calls_bans (expires_at);
CREATE INDEX calls_bans_banned_at_idx ON calls_bans (banned_at);

-- A report is shown to one moderator at a time: until leased_until it belongs to leased_by.
CREATE TABLE calls_reports (
    id           text NOT NULL PRIMARY KEY CHECK (length(id) = 36),
    reporter     text NOT NULL CHECK (length(reporter) BETWEEN 1 AND 128),
    reported     text NOT NULL CHECK (length(reported) BETWEEN 1 AND 128),
    session_id   text NOT NULL CHECK (length(session_id) BETWEEN 1 AND 128),
    reason       text NOT NULL,
    comment      text          CHECK (length(comment) <= 2000),
    status       text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'rejected')),
    submitted_at timestamptz NOT NULL,
    leased_by    text,
    leased_until timestamptz NOT NULL,
    moderator    text,
    moderated_at timestamptz,
    CHECK ((status = 'pending') = (moderated_at IS NULL))
);

-- Whoever says the same twice has said it once.
CREATE UNIQUE INDEX calls_reports_said_key ON calls_reports (reporter, reported, session_id, reason);
CREATE INDEX calls_reports_queue_idx ON calls_reports (status, submitted_at);
CREATE INDEX calls_reports_reported_idx ON calls_reports (reported, status);

-- The last lines of the chat that a report is about, for a time of their own.
CREATE TABLE calls_report_evidence (
    report_id  text NOT NULL REFERENCES calls_reports (id) ON DELETE CASCADE,
    line       bigint NOT NULL CHECK (line >= 0),
    sender     text NOT NULL,
    message    text NOT NULL,
    sent_at    timestamptz NOT NULL,
    kept_until timestamptz NOT NULL,
    PRIMARY KEY (report_id, line)
);

CREATE INDEX calls_report_evidence_kept_until_idx ON calls_report_evidence (kept_until);

-- What the statistics count since the first day, whatever was deleted meanwhile.
CREATE TABLE calls_counters (
    name  text NOT NULL PRIMARY KEY,
    value bigint NOT NULL CHECK (value >= 0)
);

CREATE TABLE calls_strikes (
    device_id  text NOT NULL CHECK (length(device_id) BETWEEN 1 AND 128),
    id         text NOT NULL CHECK (length(id) = 36),
    category   text NOT NULL,
    struck_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (device_id, id)
);

CREATE INDEX calls_strikes_expires_at_idx ON calls_strikes (expires_at);

-- Who may not write in calls, until when.
CREATE TABLE calls_restrictions (
    device_id text NOT NULL PRIMARY KEY CHECK (length(device_id) BETWEEN 1 AND 128),
    until     timestamptz NOT NULL
);

CREATE INDEX calls_restrictions_until_idx ON calls_restrictions (until);
