-- Words go back into sidecars, where other programs read and change them. So the archive remembers which words of a
-- sidecar are its own, lest it take them for the file's when it reads them again; and it notes where a file says
-- something else since a person set a field, lest one of the two be written over unseen.

-- The change that read another word of the file beneath a person's; null while the file says what it said then.
ALTER TABLE edit ADD COLUMN heard INTEGER;

-- The words that a content has from us: a field of `edit` with its value as text, or `keywords` with a path a line.
-- `before` is what stood there before the first of ours.
CREATE TABLE sidecar_word (
    asset  INTEGER NOT NULL REFERENCES asset,
    file   INTEGER NOT NULL REFERENCES file,
    field  TEXT    NOT NULL,
    value  TEXT,
    before TEXT,
    PRIMARY KEY (asset, file, field)
) STRICT, WITHOUT ROWID;

-- A writing of sidecars, as its change. Files are not taken back: this tells which changes are none to undo.
CREATE TABLE sidecar_run (
    id          INTEGER PRIMARY KEY REFERENCES change,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    written     INTEGER NOT NULL DEFAULT 0
) STRICT;

-- That a tag is not there was a person's word until today: files only ever added.
UPDATE asset_tag SET source = 'person' WHERE present = 0;
