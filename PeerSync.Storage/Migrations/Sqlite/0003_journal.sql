-- The journal, its tags, the snapshots and the highest deleted numbers: tables and columns as Akka.Persistence.Sql makes them by default, with tags in a
-- table of their own, so that data can move. Times are its too: ticks of 100 nanoseconds since 0001-01-01T00:00:00Z.

CREATE TABLE journal (
    ordering        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    created         INTEGER NOT NULL,
    deleted         INTEGER NOT NULL,
    persistence_id  TEXT    NOT NULL,
    sequence_number INTEGER NOT NULL,
    manifest        TEXT,
    identifier      INTEGER,
    writer_uuid     TEXT,
    message         BLOB    NOT NULL,
    UNIQUE (persistence_id, sequence_number)
);

-- Finding old events reads nothing else.
CREATE INDEX journal_created_idx ON journal (created, persistence_id, sequence_number);

CREATE TABLE tags (
    ordering_id    INTEGER NOT NULL,
    tag            TEXT    NOT NULL,
    sequence_nr    INTEGER NOT NULL,
    persistence_id TEXT    NOT NULL,
    PRIMARY KEY (ordering_id, tag)
) WITHOUT ROWID;

CREATE INDEX tags_tag_idx ON tags (tag, persistence_id, sequence_nr);

CREATE TABLE journal_metadata (
    persistence_id  TEXT    NOT NULL,
    sequence_number INTEGER NOT NULL,
    PRIMARY KEY (persistence_id, sequence_number)
) WITHOUT ROWID;

CREATE TABLE snapshot (
    persistence_id  TEXT    NOT NULL,
    sequence_number INTEGER NOT NULL,
    created         INTEGER NOT NULL,
    manifest        TEXT,
    serializer_id   INTEGER,
    snapshot        BLOB    NOT NULL,
    PRIMARY KEY (persistence_id, sequence_number)
);
