-- Where the lock gave way, seen with a stranger's eyes.

-- Who read one text has not read the next: an embargo until another day, in the same field and the same words, is another
-- warning. The rows are few: rebuilt whole, their texts a part of the key.
CREATE TEMP TABLE warned AS SELECT * FROM warning;
DROP TABLE warning;
CREATE TABLE warning (
    asset INTEGER NOT NULL REFERENCES asset,
    field TEXT    NOT NULL,
    words TEXT    NOT NULL,
    text  TEXT    NOT NULL,
    stamp INTEGER NOT NULL,
    PRIMARY KEY (asset, field, words, text)
) STRICT, WITHOUT ROWID;
INSERT INTO warning (asset, field, words, text, stamp) SELECT asset, field, words, text, stamp FROM warned;
DROP TABLE warned;
CREATE TRIGGER stale_warning AFTER INSERT ON warning
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;

-- Which delivery holds these very bytes: a delivered file that came back into the archive, or is an asset by itself.
CREATE INDEX delivery_item_sha256 ON delivery_item (sha256);

-- Capitals of letters beyond ASCII are told apart by LIKE and not by people: where a name has any, everybody whose
-- name has any is looked at anew.
DROP TRIGGER stale_approval_new;
CREATE TRIGGER stale_approval_new AFTER INSERT ON artist WHEN NEW.may = 'approve'
BEGIN
    INSERT OR IGNORE INTO stale (asset)
    SELECT x.asset FROM tag AS t JOIN asset_tag AS x ON x.tag = t.id
     WHERE t.path LIKE 'people/%'
       AND (t.path LIKE '%/' || NEW.name OR (t.path GLOB '*[^ -~]*' AND NEW.name GLOB '*[^ -~]*'));
END;
DROP TRIGGER stale_approval;
CREATE TRIGGER stale_approval AFTER UPDATE ON artist WHEN NEW.may = 'approve'
BEGIN
    INSERT OR IGNORE INTO stale (asset)
    SELECT x.asset FROM tag AS t JOIN asset_tag AS x ON x.tag = t.id
     WHERE t.path LIKE 'people/%'
       AND (t.path LIKE '%/' || NEW.name OR (t.path GLOB '*[^ -~]*' AND NEW.name GLOB '*[^ -~]*'));
END;

-- What is asked differently since stands anew: who carries a tag People/NAME, what was made of what may leave so often,
-- what was delivered and came back, what was cleared before it or its parent was withdrawn.
INSERT OR IGNORE INTO stale (asset)
SELECT x.asset FROM tag AS t JOIN asset_tag AS x ON x.tag = t.id
 WHERE t.path LIKE 'people/%' AND EXISTS (SELECT 1 FROM artist WHERE may = 'approve' AND present = 1);
INSERT OR IGNORE INTO stale (asset) SELECT asset  FROM derivation;
INSERT OR IGNORE INTO stale (asset) SELECT parent FROM derivation;
INSERT OR IGNORE INTO stale (asset) SELECT asset  FROM delivery_item;
