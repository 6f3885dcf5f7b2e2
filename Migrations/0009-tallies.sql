-- Counts that every list, page and plan asks for, kept while rows are written: at a million assets, counting taggings takes
-- seconds, and a query that does not know how many assets carry its tag, and when they were taken, takes the wrong way.
--
-- Triggers keep them, so that no way of writing goes past them: an edit, an import, an undo, a merge. They follow from other
-- rows, so they are not recorded for undo. Only what is present of assets that are present counts; rows are never
-- deleted, so only their coming and their presence is watched. A count that fell to nothing stays as a row of 0.

-- By when: `period` is sort_at / 2^31 ms, some 25 days. A plan that walks the assets by date learns from these where a tag's
-- assets begin, and how close they lie.
CREATE TABLE asset_tally (
    period INTEGER PRIMARY KEY,
    assets INTEGER NOT NULL
) STRICT;

CREATE TABLE tag_tally (
    tag    INTEGER NOT NULL,
    period INTEGER NOT NULL,
    assets INTEGER NOT NULL,
    PRIMARY KEY (tag, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE session_tally (
    session INTEGER NOT NULL,
    period  INTEGER NOT NULL,
    assets  INTEGER NOT NULL,
    PRIMARY KEY (session, period)
) STRICT, WITHOUT ROWID;

-- By what a camera and a person said. year is that of taken_ms, -1 where that is not known; rating is -2 where there
-- is none; make and model are '' where there is none.
CREATE TABLE feature_tally (
    year   INTEGER NOT NULL,
    model  TEXT    NOT NULL,
    make   TEXT    NOT NULL,
    kind   TEXT    NOT NULL,
    rating INTEGER NOT NULL,
    assets INTEGER NOT NULL,
    PRIMARY KEY (year, model, make, kind, rating)
) STRICT, WITHOUT ROWID;

-- By where files lie.
CREATE TABLE copy_tally (
    volume  INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    finding TEXT    NOT NULL,
    copies  INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    PRIMARY KEY (volume, kind, finding)
) STRICT, WITHOUT ROWID;

INSERT INTO asset_tally (period, assets)
SELECT sort_at >> 31, count(*) FROM asset WHERE present = 1 GROUP BY 1;

INSERT INTO tag_tally (tag, period, assets)
SELECT x.tag, a.sort_at >> 31, count(*)
  FROM asset     AS a
  JOIN asset_tag AS x ON x.asset = a.id
 WHERE a.present = 1 AND x.present = 1
 GROUP BY 1, 2;

INSERT INTO session_tally (session, period, assets)
SELECT x.session, a.sort_at >> 31, count(*)
  FROM asset         AS a
  JOIN asset_session AS x ON x.asset = a.id
 WHERE a.present = 1 AND x.present = 1
 GROUP BY 1, 2;

INSERT INTO feature_tally (year, model, make, kind, rating, assets)
SELECT coalesce(CAST(strftime('%Y', taken_ms / 1000, 'unixepoch') AS INTEGER), -1),
       coalesce(model, ''), coalesce(make, ''), kind, coalesce(rating, -2), count(*)
  FROM asset
 WHERE present = 1
 GROUP BY 1, 2, 3, 4, 5;

INSERT INTO copy_tally (volume, kind, finding, copies, bytes)
SELECT volume, kind, finding, count(*), sum(size) FROM copy GROUP BY 1, 2, 3;

CREATE TRIGGER tally_asset_new AFTER INSERT ON asset WHEN NEW.present = 1
BEGIN
    INSERT INTO asset_tally (period, assets) VALUES (NEW.sort_at >> 31, 1)
        ON CONFLICT (period) DO UPDATE SET assets = assets + 1;
    INSERT INTO feature_tally (year, model, make, kind, rating, assets)
    VALUES (coalesce(CAST(strftime('%Y', NEW.taken_ms / 1000, 'unixepoch') AS INTEGER), -1),
            coalesce(NEW.model, ''), coalesce(NEW.make, ''), NEW.kind, coalesce(NEW.rating, -2), 1)
        ON CONFLICT (year, model, make, kind, rating) DO UPDATE SET assets = assets + 1;
END;

CREATE TRIGGER tally_asset_moved AFTER UPDATE OF present, sort_at ON asset
WHEN (OLD.present, OLD.sort_at >> 31) IS NOT (NEW.present, NEW.sort_at >> 31)
BEGIN
    UPDATE asset_tally SET assets = assets - 1 WHERE OLD.present = 1 AND period = OLD.sort_at >> 31;
    UPDATE tag_tally SET assets = assets - 1
     WHERE OLD.present = 1
       AND period = OLD.sort_at >> 31
       AND tag IN (SELECT x.tag FROM asset_tag AS x WHERE x.asset = NEW.id AND x.present = 1);
    UPDATE session_tally SET assets = assets - 1
     WHERE OLD.present = 1
       AND period = OLD.sort_at >> 31
       AND session IN (SELECT x.session FROM asset_session AS x WHERE x.asset = NEW.id AND x.present = 1);
    INSERT INTO asset_tally (period, assets) SELECT NEW.sort_at >> 31, 1 WHERE NEW.present = 1
        ON CONFLICT (period) DO UPDATE SET assets = assets + 1;
    INSERT INTO tag_tally (tag, period, assets)
    SELECT x.tag, NEW.sort_at >> 31, 1 FROM asset_tag AS x
     WHERE NEW.present = 1 AND x.asset = NEW.id AND x.present = 1
        ON CONFLICT (tag, period) DO UPDATE SET assets = assets + 1;
    INSERT INTO session_tally (session, period, assets)
    SELECT x.session, NEW.sort_at >> 31, 1 FROM asset_session AS x
     WHERE NEW.present = 1 AND x.asset = NEW.id AND x.present = 1
        ON CONFLICT (session, period) DO UPDATE SET assets = assets + 1;
END;

CREATE TRIGGER tally_asset_changed AFTER UPDATE OF present, kind, make, model, rating, taken_ms ON asset
WHEN (OLD.present, OLD.kind, OLD.make, OLD.model, OLD.rating, OLD.taken_ms)
     IS NOT (NEW.present, NEW.kind, NEW.make, NEW.model, NEW.rating, NEW.taken_ms)
BEGIN
    UPDATE feature_tally SET assets = assets - 1
     WHERE OLD.present = 1
       AND year = coalesce(CAST(strftime('%Y', OLD.taken_ms / 1000, 'unixepoch') AS INTEGER), -1)
       AND model = coalesce(OLD.model, '')
       AND make = coalesce(OLD.make, '')
       AND kind = OLD.kind
       AND rating = coalesce(OLD.rating, -2);
    INSERT INTO feature_tally (year, model, make, kind, rating, assets)
    SELECT coalesce(CAST(strftime('%Y', NEW.taken_ms / 1000, 'unixepoch') AS INTEGER), -1),
           coalesce(NEW.model, ''), coalesce(NEW.make, ''), NEW.kind, coalesce(NEW.rating, -2), 1
     WHERE NEW.present = 1
        ON CONFLICT (year, model, make, kind, rating) DO UPDATE SET assets = assets + 1;
END;

CREATE TRIGGER tally_tag_new AFTER INSERT ON asset_tag WHEN NEW.present = 1
BEGIN
    INSERT INTO tag_tally (tag, period, assets)
    SELECT NEW.tag, a.sort_at >> 31, 1 FROM asset AS a WHERE a.id = NEW.asset AND a.present = 1
        ON CONFLICT (tag, period) DO UPDATE SET assets = assets + 1;
END;
CREATE TRIGGER tally_tag AFTER UPDATE OF present ON asset_tag WHEN OLD.present <> NEW.present
BEGIN
    INSERT INTO tag_tally (tag, period, assets)
    SELECT NEW.tag, a.sort_at >> 31, NEW.present - OLD.present
      FROM asset AS a WHERE a.id = NEW.asset AND a.present = 1
        ON CONFLICT (tag, period) DO UPDATE SET assets = assets + excluded.assets;
END;

CREATE TRIGGER tally_session_new AFTER INSERT ON asset_session WHEN NEW.present = 1
BEGIN
    INSERT INTO session_tally (session, period, assets)
    SELECT NEW.session, a.sort_at >> 31, 1 FROM asset AS a WHERE a.id = NEW.asset AND a.present = 1
        ON CONFLICT (session, period) DO UPDATE SET assets = assets + 1;
END;
CREATE TRIGGER tally_session AFTER UPDATE OF present ON asset_session WHEN OLD.present <> NEW.present
BEGIN
    INSERT INTO session_tally (session, period, assets)
    SELECT NEW.session, a.sort_at >> 31, NEW.present - OLD.present
      FROM asset AS a WHERE a.id = NEW.asset AND a.present = 1
        ON CONFLICT (session, period) DO UPDATE SET assets = assets + excluded.assets;
END;

-- Copies are what was seen on a disk, and undo deletes them.
CREATE TRIGGER tally_copy_new AFTER INSERT ON copy
BEGIN
    INSERT INTO copy_tally (volume, kind, finding, copies, bytes) VALUES (NEW.volume, NEW.kind, NEW.finding, 1, NEW.size)
        ON CONFLICT (volume, kind, finding) DO UPDATE SET copies = copies + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER tally_copy_gone AFTER DELETE ON copy
BEGIN
    UPDATE copy_tally SET copies = copies - 1, bytes = bytes - OLD.size
     WHERE volume = OLD.volume AND kind = OLD.kind AND finding = OLD.finding;
END;
CREATE TRIGGER tally_copy AFTER UPDATE OF volume, kind, finding, size ON copy
WHEN (OLD.volume, OLD.kind, OLD.finding, OLD.size) IS NOT (NEW.volume, NEW.kind, NEW.finding, NEW.size)
BEGIN
    UPDATE copy_tally SET copies = copies - 1, bytes = bytes - OLD.size
     WHERE volume = OLD.volume AND kind = OLD.kind AND finding = OLD.finding;
    INSERT INTO copy_tally (volume, kind, finding, copies, bytes) VALUES (NEW.volume, NEW.kind, NEW.finding, 1, NEW.size)
        ON CONFLICT (volume, kind, finding) DO UPDATE SET copies = copies + 1, bytes = bytes + excluded.bytes;
END;

-- The copy that was not read back for the longest time.
CREATE INDEX copy_checked ON copy (volume, checked_at) WHERE checked_at IS NOT NULL;

-- Days are asked for by the wall's clock and walked by sort_at: with both in one index no row is read.
DROP INDEX asset_sort;
CREATE INDEX asset_sort ON asset (sort_at, id, present, taken_ms) WHERE present = 1;

-- Of two indexes that serve equally well SQLite takes the one made last, which must be the small one.
DROP INDEX asset_unread;
CREATE INDEX asset_unread     ON asset (sort_at, id, present) WHERE present = 1 AND unreadable IS NOT NULL;
DROP INDEX asset_incomplete;
CREATE INDEX asset_incomplete ON asset (sort_at, id, present) WHERE present = 1 AND incomplete IS NOT NULL;
DROP INDEX asset_frame;
CREATE INDEX asset_frame      ON asset (sort_at, id, present) WHERE present = 1 AND burst IS NOT NULL;

-- What is not present is little, and counts of links leave it out.
CREATE INDEX asset_absent ON asset (id) WHERE present = 0;
