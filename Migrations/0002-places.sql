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

-- Triggers, so that an import, an edit and what takes them back need not know of it; the conditions are read before
-- anything is done, and cost an import without positions nothing that could be measured.
CREATE TRIGGER asset_position_insert AFTER INSERT ON asset
WHEN NEW.present = 1 AND NEW.latitude IS NOT NULL AND NEW.longitude IS NOT NULL
BEGIN
    INSERT INTO asset_position (id, south, north, west, east)
    VALUES (NEW.id, NEW.latitude, NEW.latitude, NEW.longitude, NEW.longitude);
END;

CREATE TRIGGER asset_position_update AFTER UPDATE OF present, latitude, longitude ON asset
WHEN (OLD.present, OLD.latitude, OLD.longitude) IS NOT (NEW.present, NEW.latitude, NEW.longitude)
BEGIN
    DELETE FROM asset_position WHERE id = OLD.id;
    INSERT INTO asset_position (id, south, north, west, east)
    SELECT NEW.id, NEW.latitude, NEW.latitude, NEW.longitude, NEW.longitude
     WHERE NEW.present = 1 AND NEW.latitude IS NOT NULL AND NEW.longitude IS NOT NULL;
END;

CREATE TRIGGER asset_position_delete AFTER DELETE ON asset
BEGIN
    DELETE FROM asset_position WHERE id = OLD.id;
END;
