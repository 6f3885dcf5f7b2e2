-- Cameras divide one recording among several files: a clip becomes an ordered list of segments. Until now each file was
-- a clip of its own, so that a delivery of the first of them would have passed for the whole.
--
-- asset_file gets the role `segment`, the place of a file among the segments (the original has one too, where its name
-- or its card's list gives it), and in words the evidence by which the file belongs to the asset. SQLite cannot widen a
-- CHECK, so the table is made anew; its columns keep their order, because recorded changes know them by it.

CREATE TABLE asset_file_wider (
    asset    INTEGER NOT NULL REFERENCES asset,
    file     INTEGER NOT NULL REFERENCES file,
    role     TEXT    NOT NULL
             CHECK (role IN ('original', 'companion', 'sidecar', 'sound', 'proxy', 'thumbnail', 'former', 'segment')),
    name     TEXT    NOT NULL,
    stamp    INTEGER NOT NULL,
    present  INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    position INTEGER,
    because  TEXT,
    PRIMARY KEY (asset, file)
) STRICT, WITHOUT ROWID;
INSERT INTO asset_file_wider (asset, file, role, name, stamp, present)
SELECT asset, file, role, name, stamp, present FROM asset_file;
DROP TABLE asset_file;
ALTER TABLE asset_file_wider RENAME TO asset_file;
CREATE INDEX asset_file_file ON asset_file (file, asset);

-- segments: among how many files the asset's pictures are divided; nothing where they are in one.
-- incomplete: in words, which of its segments never came in, as far as names and lists tell.
ALTER TABLE asset ADD COLUMN segments   INTEGER;
ALTER TABLE asset ADD COLUMN incomplete TEXT;

CREATE INDEX asset_incomplete ON asset (sort_at, id, present)        WHERE present = 1 AND incomplete IS NOT NULL;
CREATE INDEX asset_burst      ON asset (burst, sort_at, id, present) WHERE present = 1 AND burst IS NOT NULL;
CREATE INDEX asset_frame      ON asset (sort_at, id, present)        WHERE present = 1 AND burst IS NOT NULL;
CREATE INDEX asset_content    ON asset (content_id)                  WHERE present = 1 AND content_id IS NOT NULL;

-- What one file says of itself as a part of a recording, while its asset speaks for all of them. It is a fact about a
-- content, as a raw tag is: nobody makes it, and nothing takes it back. `recording` is what the parts have in common;
-- it only says where to look: whether two of them follow on each other is proven by the rest.
CREATE TABLE segment (
    file       INTEGER PRIMARY KEY REFERENCES file,
    recording  TEXT,
    number     INTEGER,
    own        TEXT,
    previous   TEXT,
    next       TEXT,
    wall_ms    INTEGER,
    duration   REAL,
    frames     INTEGER,
    frame_rate TEXT,
    timecode   TEXT,
    make       TEXT,
    model      TEXT,
    serial     TEXT
) STRICT;
CREATE INDEX segment_recording ON segment (recording, file) WHERE recording IS NOT NULL;
