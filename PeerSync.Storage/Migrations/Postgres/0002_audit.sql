-- What was done, by whom. No reference to users: an entry outlives the account it speaks of.

CREATE TABLE audit (
    id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    feature text        NOT NULL,
    action  text        NOT NULL,
    actor   text,
    subject text,
    detail  text
);

CREATE INDEX audit_feature_idx ON audit (feature, id);
CREATE INDEX audit_at_idx ON audit (at);
