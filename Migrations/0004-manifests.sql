-- Offload manifests: what an ASC MHL or a legacy MHL lists of a card or shoot, and what was found when its files were
-- read. A manifest is evidence of somebody else's reading: it is kept as a file like any other, and here is what it
-- says of itself.
--
-- A history is what is said of one folder: the generations of an ASC MHL, or one legacy list. Its number is the key of the
-- manifest that was seen first. A manifest is never deleted; what was found by it goes when its import is taken back.

-- path and root are from the volume's mount point: where the manifest lies, and the folder that its paths begin at.
-- seal: whether the history's chain holds the manifest's C4; faults: what is wrong with the history, a sentence a line,
-- at its newest manifest.
CREATE TABLE manifest (
    id           INTEGER PRIMARY KEY,
    history      INTEGER NOT NULL,
    volume       INTEGER NOT NULL REFERENCES volume,
    path         ANY     NOT NULL,
    root         ANY     NOT NULL,
    sha256       BLOB    NOT NULL CHECK (length(sha256) = 32),
    format       TEXT    NOT NULL,
    generation   INTEGER,
    seal         TEXT    NOT NULL CHECK (seal IN ('sealed', 'changed', 'unsealed')),
    tool         TEXT,
    tool_version TEXT,
    created      TEXT,
    author       TEXT,
    host         TEXT,
    location     TEXT,
    comment      TEXT,
    process      TEXT,
    faults       TEXT,
    seen_at      INTEGER NOT NULL,
    UNIQUE (volume, path, sha256)
) STRICT;
CREATE INDEX manifest_history ON manifest (history);
CREATE INDEX manifest_root    ON manifest (volume, root);

-- What was found of one file that a history lists, or that lies in its folder and is not listed; path is from the
-- history's root. manifest is the one that decided: that of the digest, or the newest. file is the content that was
-- read; none when there is none, or when the archive does not keep it.
-- algorithm names the digests that were compared, or the one that differs; expected and actual are as tools print them.
CREATE TABLE manifest_entry (
    history   INTEGER NOT NULL,
    path      ANY     NOT NULL,
    manifest  INTEGER NOT NULL REFERENCES manifest,
    outcome   TEXT    NOT NULL CHECK (outcome IN ('matched', 'mismatched', 'missing', 'unlisted', 'unproven')),
    file      INTEGER REFERENCES file,
    algorithm TEXT,
    expected  TEXT,
    actual    TEXT,
    reason    TEXT,
    run       INTEGER NOT NULL REFERENCES change,
    PRIMARY KEY (history, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX manifest_entry_outcome ON manifest_entry (history, outcome, path);
CREATE INDEX manifest_entry_found   ON manifest_entry (outcome, file);
CREATE INDEX manifest_entry_file    ON manifest_entry (file) WHERE file IS NOT NULL;
