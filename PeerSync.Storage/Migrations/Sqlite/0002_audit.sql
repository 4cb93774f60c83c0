-- What was done, by whom. No reference to users: an entry outlives the account it speaks of.
-- AUTOINCREMENT, so that an id is never given twice, even after old entries were deleted.

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    feature TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    actor   TEXT,
    subject TEXT,
    detail  TEXT
);

CREATE INDEX audit_feature_idx ON audit (feature, id);
CREATE INDEX audit_at_idx ON audit (at);
