-- Tokens for rooms that were revoked, until their time would have been over anyway: what is not here is good.
CREATE TABLE rooms_revoked_tokens (
    token_id   text        NOT NULL PRIMARY KEY CHECK (length(token_id) BETWEEN 1 AND 128),
    expires_at timestamptz NOT NULL
);

CREATE INDEX rooms_revoked_tokens_expires_at_idx ON rooms_revoked_tokens (expires_at);
