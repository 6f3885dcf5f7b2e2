-- What an editor asks of a clip: how it was recorded, how its picture is stored, and by which names other
-- programs know it. All of it comes from the files; the rows of older imports learn it when their files are
-- read again.
--
-- Fractions are text beside a number, as frame_rate is. scan is a word of the protocol's; rotation is degrees
-- clockwise; audio_channels counts those of all tracks, and is 0 where a clip has no sound.

ALTER TABLE asset ADD COLUMN clip_name         TEXT;
ALTER TABLE asset ADD COLUMN camera_letter     TEXT;
ALTER TABLE asset ADD COLUMN timecode_rate     INTEGER;
ALTER TABLE asset ADD COLUMN capture_rate      REAL;
ALTER TABLE asset ADD COLUMN capture_rate_text TEXT;
ALTER TABLE asset ADD COLUMN stored_width      INTEGER;
ALTER TABLE asset ADD COLUMN stored_height     INTEGER;
ALTER TABLE asset ADD COLUMN pixel_aspect      TEXT;
ALTER TABLE asset ADD COLUMN rotation          INTEGER;
ALTER TABLE asset ADD COLUMN scan              TEXT;
ALTER TABLE asset ADD COLUMN bit_depth         INTEGER;
ALTER TABLE asset ADD COLUMN chroma            TEXT;
ALTER TABLE asset ADD COLUMN gamma             TEXT;
ALTER TABLE asset ADD COLUMN gamut             TEXT;
ALTER TABLE asset ADD COLUMN look              TEXT;
ALTER TABLE asset ADD COLUMN umid              TEXT;
ALTER TABLE asset ADD COLUMN media_id          TEXT;
ALTER TABLE asset ADD COLUMN audio_tracks      INTEGER;
ALTER TABLE asset ADD COLUMN audio_channels    INTEGER;
ALTER TABLE asset ADD COLUMN sample_rate       INTEGER;
