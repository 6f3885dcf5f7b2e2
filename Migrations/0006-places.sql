-- The offset that a file states gets a column of its own: offset_min is what counts, and that may also be a
-- person's word or the zone of the asset's session, which is taken away again. And what was placed on the Earth,
-- by its camera, a track or a person, can be found by where it lies.

ALTER TABLE asset ADD COLUMN file_offset_min INTEGER;
ALTER TABLE asset ADD COLUMN position_source TEXT;

UPDATE asset SET file_offset_min = offset_min WHERE offset_min IS NOT NULL;
UPDATE asset
   SET file_offset_min = (SELECT e.was FROM edit AS e WHERE e.asset = asset.id AND e.field = 'offset')
 WHERE id IN (SELECT e.asset FROM edit AS e WHERE e.field = 'offset' AND e.present = 1);

-- A point is a rectangle without extent. Coordinates are kept in 32 bits and rounded outward, by a metre or two: it
-- finds what may lie in an area, and the asset's own columns tell what does.
CREATE VIRTUAL TABLE asset_position USING rtree (id, south, north, west, east);

INSERT INTO asset_position (id, south, north, west, east)
SELECT id, latitude, latitude, longitude, longitude
  FROM asset
 WHERE present = 1 AND latitude IS NOT NULL AND longitude IS NOT NULL;

-- Assets whose point moved within the transaction that is open: triggers note them, whoever moves them, and the door that
-- every write goes through brings asset_position up to date before it commits. A trigger may not write to the rtree
-- itself: schemas are not trusted, because a catalogue may come from a stranger.
CREATE TABLE asset_moved (
    asset INTEGER PRIMARY KEY
) STRICT;

CREATE TRIGGER asset_moved_insert AFTER INSERT ON asset
WHEN NEW.latitude IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO asset_moved (asset) VALUES (NEW.id);
END;

CREATE TRIGGER asset_moved_update AFTER UPDATE OF present, latitude, longitude ON asset
WHEN (OLD.present, OLD.latitude, OLD.longitude) IS NOT (NEW.present, NEW.latitude, NEW.longitude)
BEGIN
    INSERT OR IGNORE INTO asset_moved (asset) VALUES (NEW.id);
END;

CREATE TRIGGER asset_moved_delete AFTER DELETE ON asset
WHEN OLD.latitude IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO asset_moved (asset) VALUES (OLD.id);
END;
