-- An artist is asked by proofs in a folder, and answers in a table that comes back as a file. What went out, what was
-- asked and what came back must be on record, so that an answer can be held against what it answers: a table with the
-- numbers of another review, or with rows out of step, would clear pictures that nobody looked at.
--
-- A review left the house: its rows are never undone. Answers are what people say, and can be; so can its end.

-- One package of proofs. `code` is what it is called outside: it tells nothing, and stands in every file of it.
CREATE TABLE review (
    id     INTEGER PRIMARY KEY,
    name   TEXT    NOT NULL,
    code   TEXT    NOT NULL UNIQUE,
    artist TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    person TEXT    NOT NULL,
    note   TEXT,
    place  TEXT    NOT NULL,
    seal   BLOB    NOT NULL CHECK (length(seal) = 32),
    stamp  INTEGER NOT NULL
) STRICT;
CREATE INDEX review_name ON review (name);

-- What was asked about every proof of it.
CREATE TABLE review_purpose (
    review  INTEGER NOT NULL REFERENCES review,
    purpose TEXT    NOT NULL,
    PRIMARY KEY (review, purpose)
) STRICT, WITHOUT ROWID;

-- One proof: its file as it left, and by `content` the files that it stood for then.
CREATE TABLE review_item (
    review  INTEGER NOT NULL REFERENCES review,
    number  INTEGER NOT NULL,
    asset   INTEGER NOT NULL REFERENCES asset,
    name    TEXT    NOT NULL,
    sha256  BLOB    NOT NULL CHECK (length(sha256) = 32),
    size    INTEGER NOT NULL,
    content BLOB    NOT NULL CHECK (length(content) = 32),
    PRIMARY KEY (review, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_item_asset ON review_item (asset);

-- One answer; a later one about the same proof and purpose counts instead, and both stay. `decision` is what was
-- recorded for it. `name` is who filled in the table, for the artist.
CREATE TABLE review_answer (
    id       INTEGER PRIMARY KEY,
    review   INTEGER NOT NULL REFERENCES review,
    number   INTEGER NOT NULL,
    purpose  TEXT    NOT NULL,
    answer   TEXT    NOT NULL CHECK (answer IN ('yes', 'no')),
    comment  TEXT,
    name     TEXT,
    decision INTEGER NOT NULL REFERENCES clearance,
    evidence TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    person   TEXT    NOT NULL,
    stamp    INTEGER NOT NULL,
    present  INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1))
) STRICT;
CREATE INDEX review_answer_item     ON review_answer (review, number, purpose, id);
CREATE INDEX review_answer_decision ON review_answer (decision);

-- A review that waits for nothing any more.
CREATE TABLE review_end (
    review  INTEGER PRIMARY KEY REFERENCES review,
    at      INTEGER NOT NULL,
    person  TEXT    NOT NULL,
    reason  TEXT,
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1))
) STRICT;
