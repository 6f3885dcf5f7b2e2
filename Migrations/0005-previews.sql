-- Previews are files beside the catalogue that can be made again at any time. What is kept of them here is what the files
-- themselves cannot tell quickly: which there are and how large, the colour that stands in for a picture until
-- it is there, the hash by which near doubles are found, and why there is none. Nobody's work is in these rows, so they
-- carry no stamp, are not recorded for undo, and may be deleted.

-- One row a content that previews were made of, or could not be.
CREATE TABLE preview (
    file          INTEGER PRIMARY KEY REFERENCES file,
    version       INTEGER NOT NULL,
    made_at       INTEGER NOT NULL,
    failure       TEXT,
    damage        TEXT,
    origin        TEXT,
    small_width   INTEGER,
    small_height  INTEGER,
    small_bytes   INTEGER NOT NULL DEFAULT 0,
    -- NULL where the picture has no more pixels than the small preview; 0 where a large one would show more, and is
    -- not kept.
    large_bytes   INTEGER,
    strip_frames  INTEGER,
    strip_width   INTEGER,
    strip_height  INTEGER,
    strip_bytes   INTEGER NOT NULL DEFAULT 0,
    color         INTEGER,
    hash          INTEGER,
    hash_version  INTEGER
) STRICT;

-- Near doubles are found by a quarter of the hash: of two hashes that differ in few bits, one quarter differs in very
-- few. Each index holds the whole hash too, so that the distance is known without a look at the row.
CREATE INDEX preview_band_0 ON preview ((hash & 65535), hash)         WHERE hash IS NOT NULL;
CREATE INDEX preview_band_1 ON preview (((hash >> 16) & 65535), hash) WHERE hash IS NOT NULL;
CREATE INDEX preview_band_2 ON preview (((hash >> 32) & 65535), hash) WHERE hash IS NOT NULL;
CREATE INDEX preview_band_3 ON preview (((hash >> 48) & 65535), hash) WHERE hash IS NOT NULL;
CREATE INDEX preview_failed ON preview (file) WHERE failure IS NOT NULL;

-- How many bytes previews may take; no row is the program's own bound.
CREATE TABLE preview_bound (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    bytes INTEGER NOT NULL CHECK (bytes > 0)
) STRICT;

-- Whether one volume holds a content twice, and how many good copies there are, is told by this index alone: looking at
-- every copy's row would take a second for a million.
DROP INDEX copy_file;
CREATE INDEX copy_file ON copy (file, volume, kind, finding);
