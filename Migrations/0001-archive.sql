-- The archive as it is first made: what is known of files, of the photographs and clips that they are,
-- of what people said about them, of what was decided, and of what left.
--
-- Keys and stamps are 63-bit integers minted by one clock: milliseconds since 2010, a counter, the machine.
-- What people make (asset, edit, session, tag, selection and what joins them) carries the stamp of the change
-- that wrote it and is never deleted: it becomes present = 0 under a later stamp. So two catalogues can unite,
-- and what was undone stays undone.
--
-- Times are milliseconds: *_at is an instant since 1970 in UTC; wall_ms is what a camera's clock showed,
-- counted as if that clock had shown UTC.

CREATE TABLE machine (
    number   INTEGER PRIMARY KEY CHECK (number BETWEEN 0 AND 4095),
    identity TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL
) STRICT;

-- One row a change of the catalogue: its id is the stamp of every row it wrote;
-- number is what `log` shows and `undo` takes: the order in which this catalogue learned of its changes.
CREATE TABLE change (
    id      INTEGER PRIMARY KEY,
    number  INTEGER NOT NULL UNIQUE,
    at      INTEGER NOT NULL,
    person  TEXT    NOT NULL,
    machine INTEGER NOT NULL REFERENCES machine,
    command TEXT    NOT NULL,
    summary TEXT    NOT NULL DEFAULT '',
    kind    TEXT    NOT NULL CHECK (kind IN ('edit', 'import', 'decision', 'delivery', 'observation', 'undo')),
    undoes  INTEGER REFERENCES change
) STRICT;
CREATE INDEX change_undoes ON change (undoes) WHERE undoes IS NOT NULL;

-- How to take a change back: one SQLite changeset a transaction, in order. Long imports have many.
CREATE TABLE change_part (
    change    INTEGER NOT NULL REFERENCES change,
    part      INTEGER NOT NULL,
    changeset BLOB    NOT NULL,
    PRIMARY KEY (change, part)
) STRICT;

-- A place that holds files, known by its file system's identity, not by where it is mounted today.
CREATE TABLE volume (
    id      INTEGER PRIMARY KEY,
    key     TEXT    NOT NULL UNIQUE,
    name    TEXT    NOT NULL,
    mount   TEXT    NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- One content, whatever it is called and wherever it lies.
CREATE TABLE file (
    id         INTEGER PRIMARY KEY,
    sha256     BLOB    NOT NULL UNIQUE CHECK (length(sha256) = 32),
    xxh128     BLOB    NOT NULL CHECK (length(xxh128) = 16),
    size       INTEGER NOT NULL CHECK (size >= 0),
    format     TEXT    NOT NULL,
    unreadable TEXT
) STRICT;

-- Every tag a reader gave, compressed, on a shelf that no query walks past.
CREATE TABLE raw (
    file       INTEGER PRIMARY KEY REFERENCES file,
    dictionary INTEGER NOT NULL,
    tags       BLOB    NOT NULL
) STRICT;

-- A file at a path of a volume. A path is TEXT when its bytes are UTF-8, and BLOB when they are not.
-- kind: an archive copy is kept; a source copy lies on a card that will be formatted and counts for nothing.
CREATE TABLE copy (
    id          INTEGER PRIMARY KEY,
    file        INTEGER NOT NULL REFERENCES file,
    volume      INTEGER NOT NULL REFERENCES volume,
    path        ANY     NOT NULL,
    kind        TEXT    NOT NULL CHECK (kind IN ('archive', 'source')),
    size        INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    inode       INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    checked_at  INTEGER,
    finding     TEXT    NOT NULL DEFAULT 'recorded'
                CHECK (finding IN ('recorded', 'verified', 'differs', 'missing', 'unreadable')),
    UNIQUE (volume, path)
) STRICT;
CREATE INDEX copy_file ON copy (file);

-- What a scan saw and did not take: other files, and files that could not be read.
CREATE TABLE stray (
    volume      INTEGER NOT NULL REFERENCES volume,
    path        ANY     NOT NULL,
    size        INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    inode       INTEGER NOT NULL,
    outcome     TEXT    NOT NULL CHECK (outcome IN ('other', 'failed')),
    reason      TEXT    NOT NULL,
    run         INTEGER NOT NULL REFERENCES change,
    PRIMARY KEY (volume, path)
) STRICT;

-- One photograph, clip or sound as a person thinks of it. These columns hold what counts:
-- the camera's word, or a person's where one was given (edit keeps the camera's beside it).
--
-- taken_ms is the corrected wall-clock time, for dates as people say them; taken_at the instant, only when an
-- offset is known; sort_at orders stills and clips of several cameras: the instant, else the corrected wall time.
CREATE TABLE asset (
    id              INTEGER PRIMARY KEY,
    stamp           INTEGER NOT NULL,
    present         INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    kind            TEXT    NOT NULL CHECK (kind IN ('photo', 'clip', 'sound')),
    file            INTEGER NOT NULL REFERENCES file,
    name            TEXT    NOT NULL,
    format          TEXT    NOT NULL,
    unreadable      TEXT,
    damage          TEXT,

    wall_ms         INTEGER,
    wall_source     TEXT,
    offset_min      INTEGER,
    offset_source   TEXT,
    correction_ms   INTEGER NOT NULL DEFAULT 0,
    taken_ms        INTEGER,
    taken_at        INTEGER,
    sort_at         INTEGER NOT NULL DEFAULT 0,

    width           INTEGER,
    height          INTEGER,
    orientation     INTEGER,
    make            TEXT,
    model           TEXT,
    serial          TEXT,
    lens            TEXT,
    exposure        REAL,
    exposure_text   TEXT,
    aperture        REAL,
    iso             INTEGER,
    focal_length    REAL,
    latitude        REAL,
    longitude       REAL,
    altitude        REAL,
    color_profile   TEXT,

    codec           TEXT,
    codec_profile   TEXT,
    frame_rate      REAL,
    frame_rate_text TEXT,
    frames          INTEGER,
    duration        REAL,
    timecode        TEXT,
    reel            TEXT,
    pixel_format    TEXT,
    color           TEXT,
    audio           TEXT,

    title           TEXT,
    caption         TEXT,
    creator         TEXT,
    credit          TEXT,
    copyright       TEXT,
    usage_terms     TEXT,
    instructions    TEXT,
    place           TEXT,
    rating          INTEGER,
    label           TEXT,
    pick            INTEGER,

    burst           TEXT,
    content_id      TEXT
) STRICT;
CREATE UNIQUE INDEX asset_file_primary ON asset (file);
CREATE INDEX asset_sort    ON asset (sort_at, id, present)       WHERE present = 1;
CREATE INDEX asset_model   ON asset (model COLLATE NOCASE, sort_at) WHERE present = 1;
CREATE INDEX asset_rating  ON asset (rating, sort_at)            WHERE present = 1;
CREATE INDEX asset_kind    ON asset (kind, sort_at)              WHERE present = 1 AND kind <> 'photo';
CREATE INDEX asset_unread  ON asset (sort_at, id, present)       WHERE present = 1 AND unreadable IS NOT NULL;

-- What a file is to an asset.
CREATE TABLE asset_file (
    asset   INTEGER NOT NULL REFERENCES asset,
    file    INTEGER NOT NULL REFERENCES file,
    role    TEXT    NOT NULL
            CHECK (role IN ('original', 'companion', 'sidecar', 'sound', 'proxy', 'thumbnail', 'former')),
    name    TEXT    NOT NULL,
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    PRIMARY KEY (asset, file)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_file_file ON asset_file (file, asset);

-- What a person set. `was` keeps the file's own word, for the day the edit is taken back; the asset's column
-- holds `value` while the edit is present.
CREATE TABLE edit (
    asset   INTEGER NOT NULL REFERENCES asset,
    field   TEXT    NOT NULL,
    value   ANY,
    was     ANY,
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    PRIMARY KEY (asset, field)
) STRICT, WITHOUT ROWID;

-- A shoot, a rehearsal, an interview, a concert. Dates are ISO days; zone is an IANA name a person gave.
CREATE TABLE session (
    id      INTEGER PRIMARY KEY,
    name    TEXT    NOT NULL UNIQUE,
    begins  TEXT,
    ends    TEXT,
    place   TEXT,
    zone    TEXT,
    note    TEXT,
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1))
) STRICT;

CREATE TABLE asset_session (
    asset   INTEGER NOT NULL REFERENCES asset,
    session INTEGER NOT NULL REFERENCES session,
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    PRIMARY KEY (asset, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_session_session ON asset_session (session, asset, present) WHERE present = 1;

-- A keyword by its whole path: people/Iggy Pop.
CREATE TABLE tag (
    id      INTEGER PRIMARY KEY,
    path    TEXT    NOT NULL UNIQUE,
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1))
) STRICT;

CREATE TABLE asset_tag (
    asset   INTEGER NOT NULL REFERENCES asset,
    tag     INTEGER NOT NULL REFERENCES tag,
    source  TEXT    NOT NULL CHECK (source IN ('file', 'person')),
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    PRIMARY KEY (asset, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_tag_tag ON asset_tag (tag, asset, present) WHERE present = 1;

-- An ordered choice. Positions leave gaps, so that one item moves by one write.
CREATE TABLE selection (
    id      INTEGER PRIMARY KEY,
    name    TEXT    NOT NULL UNIQUE,
    note    TEXT,
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1))
) STRICT;

CREATE TABLE selection_item (
    selection   INTEGER NOT NULL REFERENCES selection,
    asset       INTEGER NOT NULL REFERENCES asset,
    position    REAL    NOT NULL,
    label       TEXT,
    medium      TEXT,
    height_cm   REAL,
    width_cm    REAL,
    edition     INTEGER,
    edition_of  INTEGER,
    proofs      INTEGER,
    stamp       INTEGER NOT NULL,
    present     INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    PRIMARY KEY (selection, asset)
) STRICT, WITHOUT ROWID;
CREATE INDEX selection_item_asset ON selection_item (asset) WHERE present = 1;

-- One decision about what may leave. Rows are only ever added; a decision that was a mistake is taken back by a
-- row that retracts it. No purpose means every purpose. `held` wins over everything while it lasts.
CREATE TABLE clearance (
    id         INTEGER PRIMARY KEY,
    asset      INTEGER NOT NULL REFERENCES asset,
    decision   TEXT    NOT NULL CHECK (decision IN ('cleared', 'held', 'lifted', 'retracted')),
    purpose    TEXT,
    person     TEXT    NOT NULL,
    decided_at INTEGER NOT NULL,
    from_at    INTEGER,
    until_at   INTEGER,
    territory  TEXT,
    reason     TEXT,
    evidence   TEXT,
    retracts   INTEGER REFERENCES clearance,
    stamp      INTEGER NOT NULL
) STRICT;
CREATE INDEX clearance_asset ON clearance (asset, decided_at);

-- What left the house.
CREATE TABLE delivery (
    id         INTEGER PRIMARY KEY,
    number     TEXT    NOT NULL UNIQUE,
    at         INTEGER NOT NULL,
    person     TEXT    NOT NULL,
    selection  TEXT    NOT NULL,
    preset     TEXT    NOT NULL,
    purpose    TEXT    NOT NULL,
    recipient  TEXT    NOT NULL,
    territory  TEXT,
    place      TEXT    NOT NULL,
    seal       BLOB    NOT NULL,
    stamp      INTEGER NOT NULL
) STRICT;

CREATE TABLE delivery_item (
    delivery INTEGER NOT NULL REFERENCES delivery,
    asset    INTEGER NOT NULL REFERENCES asset,
    name     TEXT    NOT NULL,
    sha256   BLOB    NOT NULL CHECK (length(sha256) = 32),
    size     INTEGER NOT NULL,
    basis    INTEGER REFERENCES clearance,
    position INTEGER NOT NULL,
    PRIMARY KEY (delivery, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_item_asset ON delivery_item (asset);

-- What an import saw: seen = new + known + changed + other + failed, or it is not finished.
CREATE TABLE import_run (
    id          INTEGER PRIMARY KEY REFERENCES change,
    source      TEXT    NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    seen        INTEGER NOT NULL DEFAULT 0,
    new         INTEGER NOT NULL DEFAULT 0,
    known       INTEGER NOT NULL DEFAULT 0,
    changed     INTEGER NOT NULL DEFAULT 0,
    other       INTEGER NOT NULL DEFAULT 0,
    failed      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A reading-back of the copies, whole or a part; one that was stopped is taken up where it was.
CREATE TABLE verification (
    id          INTEGER PRIMARY KEY,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    part        INTEGER NOT NULL,
    parts       INTEGER NOT NULL
) STRICT;

-- Words about an asset, for full-text search; its rowid is the asset's id.
CREATE VIRTUAL TABLE asset_text USING fts5 (
    name, title, caption, tags, sessions, place, creator,
    tokenize = 'unicode61 remove_diacritics 2'
);
