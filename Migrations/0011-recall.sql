-- What was withdrawn is still out: who has it is asked to give it up, and what they answer is kept.
--
-- One row is one letter to one recipient, so that each answers for itself and none learns of another. What was delivered
-- stays on record as it left; a recall says which of it was asked back.

-- number: as the recipient quotes it, R2016-0001. reason: what the letter tells of why; null tells nothing. due_at: by
-- when they are asked to answer. evidence: the answer, kept as a file, by name and digest.
CREATE TABLE recall (
    id          INTEGER PRIMARY KEY,
    number      TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    person      TEXT    NOT NULL,
    recipient   TEXT    NOT NULL,
    reason      TEXT,
    due_at      INTEGER NOT NULL,
    answered_at INTEGER,
    evidence    TEXT,
    note        TEXT,
    stamp       INTEGER NOT NULL,
    present     INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1))
) STRICT;
CREATE INDEX recall_number    ON recall (number);
CREATE INDEX recall_recipient ON recall (recipient);

-- A file that was asked back, by the name under which it left. origin: the asset that was closed, where the file shows
-- another that was made from it.
CREATE TABLE recall_item (
    recall   INTEGER NOT NULL REFERENCES recall,
    delivery INTEGER NOT NULL REFERENCES delivery,
    name     TEXT    NOT NULL,
    asset    INTEGER NOT NULL REFERENCES asset,
    origin   INTEGER NOT NULL REFERENCES asset,
    stamp    INTEGER NOT NULL,
    present  INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    PRIMARY KEY (recall, delivery, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX recall_item_asset    ON recall_item (asset);
CREATE INDEX recall_item_delivery ON recall_item (delivery, name);
