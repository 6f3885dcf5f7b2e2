-- A lock needs more than yes and no: who may say it, for what is still to come, under which conditions, about whom; and
-- what it amounts to must be found among a million assets without asking each.
--
-- Decisions of before keep their meaning. Clearances were anybody's word then, so they carry authority 0 where a later
-- one names the right it was given by; a lift that names nothing ends the holds before it, as it did.

-- Who has a say. `clear`: the artists whose word opens the gate, for the archive, or for what is in one session or
-- carries one tag. `approve`: who must agree to every picture that shows them (the tag people/NAME), for all purposes
-- or one. Whom nobody named may close the gate, and never open it.
CREATE TABLE artist (
    id      INTEGER PRIMARY KEY,
    name    TEXT    NOT NULL,
    may     TEXT    NOT NULL CHECK (may IN ('clear', 'approve')),
    session INTEGER REFERENCES session,
    tag     INTEGER REFERENCES tag,
    purpose TEXT,
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    CHECK (session IS NULL OR tag IS NULL)
) STRICT;
CREATE INDEX artist_may ON artist (may, name);

-- One decision about what may leave; rows are only ever added, and rows of two machines are kept all.
--
-- It is about an asset, or about a session or tag and so about what will join them; a clearance is about an asset
-- alone, for nobody clears what nobody has seen. What closes (held, withdrawn, restricted, refused) stays closed until
-- a row with `lifts` names it: a later word cannot open by chance what its speaker never saw.
--
-- from_at, until_at: outside of these a clearance clears nothing, a hold holds nothing, and a restriction denies.
-- territory, not_in: ISO 3166 codes. recipient: for nobody else; with exclusive_until, until then. uses: so many
-- deliveries. credit, no_crop, no_retouch: what whoever uses it must honour. despite: the warnings that were read
-- before it was cleared, each between bars. authority: the artist's right, by its key.
CREATE TEMP TABLE decided AS SELECT * FROM clearance;
PRAGMA defer_foreign_keys = ON;
DROP TABLE clearance;
CREATE TABLE clearance (
    id              INTEGER PRIMARY KEY,
    asset           INTEGER REFERENCES asset,
    decision        TEXT    NOT NULL
                    CHECK (decision IN ('cleared', 'held', 'lifted', 'retracted', 'submitted', 'withdrawn', 'restricted',
                                        'approved', 'refused', 'absent', 'released')),
    purpose         TEXT,
    person          TEXT    NOT NULL,
    decided_at      INTEGER NOT NULL,
    from_at         INTEGER,
    until_at        INTEGER,
    territory       TEXT,
    reason          TEXT,
    evidence        TEXT,
    retracts        INTEGER REFERENCES clearance,
    stamp           INTEGER NOT NULL,
    session         INTEGER REFERENCES session,
    tag             INTEGER REFERENCES tag,
    lifts           INTEGER REFERENCES clearance,
    authority       INTEGER,
    not_in          TEXT,
    recipient       TEXT,
    exclusive_until INTEGER,
    uses            INTEGER CHECK (uses >= 0),
    credit          TEXT,
    no_crop         INTEGER CHECK (no_crop IN (0, 1)),
    no_retouch      INTEGER CHECK (no_retouch IN (0, 1)),
    despite         TEXT,
    release         TEXT    CHECK (release IN ('model', 'property')),
    release_status  TEXT    CHECK (release_status IN ('none', 'n/a', 'unlimited', 'limited')),
    subject         TEXT,
    CHECK ((asset IS NOT NULL) + (session IS NOT NULL) + (tag IS NOT NULL) = 1),
    CHECK (decision NOT IN ('cleared', 'submitted', 'withdrawn', 'approved', 'refused', 'absent', 'released')
           OR asset IS NOT NULL),
    CHECK (decision <> 'cleared' OR authority IS NOT NULL)
) STRICT;
INSERT INTO clearance (id, asset, decision, purpose, person, decided_at, from_at, until_at, territory, reason, evidence,
                       retracts, stamp, authority)
SELECT id, asset, decision, purpose, person, decided_at, from_at, until_at, territory, reason, evidence, retracts, stamp,
       CASE WHEN decision IN ('cleared', 'lifted') THEN 0 END
  FROM decided
 ORDER BY id;
DROP TABLE decided;
CREATE INDEX clearance_asset   ON clearance (asset, decided_at);
CREATE INDEX clearance_session ON clearance (session) WHERE session IS NOT NULL;
CREATE INDEX clearance_tag     ON clearance (tag)     WHERE tag IS NOT NULL;

-- What was made from what: a grade, a crop, a still out of a clip. What closes the parent closes the child.
CREATE TABLE derivation (
    asset   INTEGER NOT NULL REFERENCES asset,
    parent  INTEGER NOT NULL REFERENCES asset,
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    PRIMARY KEY (asset, parent),
    CHECK (asset <> parent)
) STRICT, WITHOUT ROWID;
CREATE INDEX derivation_parent ON derivation (parent, asset);

-- Every decision that an item of a delivery left on; delivery_item.basis is the newest of them.
CREATE TABLE delivery_ground (
    delivery INTEGER NOT NULL REFERENCES delivery,
    asset    INTEGER NOT NULL REFERENCES asset,
    decision INTEGER NOT NULL REFERENCES clearance,
    PRIMARY KEY (delivery, asset, decision)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_ground_asset ON delivery_ground (asset, decision);
INSERT INTO delivery_ground (delivery, asset, decision)
SELECT DISTINCT delivery, asset, basis FROM delivery_item WHERE basis IS NOT NULL;

-- Words that forbid, as they came with a file: do not reuse, embargo. They stay when the caption is edited, and close
-- the gate until somebody clears the asset despite them.
CREATE TABLE warning (
    asset INTEGER NOT NULL REFERENCES asset,
    field TEXT    NOT NULL,
    words TEXT    NOT NULL,
    text  TEXT    NOT NULL,
    stamp INTEGER NOT NULL,
    PRIMARY KEY (asset, field, words)
) STRICT, WITHOUT ROWID;

-- What the gate answers about each asset that anything is known of, worked out by the gate itself whenever one of its
-- reasons changes, for as long as nothing but time passes: to find what is cleared among a million is one look into an
-- index. For no named recipient and country. `*` is every purpose. Never asked when something leaves.
CREATE TABLE standing (
    asset    INTEGER NOT NULL,
    purpose  TEXT    NOT NULL,
    from_at  INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    state    TEXT    NOT NULL,
    answer   TEXT    NOT NULL CHECK (answer IN ('allowed', 'blocked', 'open')),
    PRIMARY KEY (asset, purpose, from_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_answer ON standing (purpose, answer, until_at, from_at, asset);
CREATE INDEX standing_state  ON standing (state, until_at, from_at, asset, purpose);

-- Assets whose standing is to be worked out anew before the transaction ends; with `words`, after their texts were
-- looked through. Triggers keep it, so that no way of writing goes past it: an edit, an import, an undo, a merge.
CREATE TABLE stale (
    asset INTEGER PRIMARY KEY,
    words INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TRIGGER stale_text_new AFTER INSERT ON asset
  WHEN coalesce(NEW.title, NEW.caption, NEW.instructions, NEW.usage_terms, NEW.copyright) IS NOT NULL
BEGIN
    INSERT INTO stale (asset, words) VALUES (NEW.id, 1) ON CONFLICT (asset) DO UPDATE SET words = 1;
END;
CREATE TRIGGER stale_text AFTER UPDATE OF title, caption, instructions, usage_terms, copyright ON asset
  WHEN (NEW.title, NEW.caption, NEW.instructions, NEW.usage_terms, NEW.copyright)
       IS NOT (OLD.title, OLD.caption, OLD.instructions, OLD.usage_terms, OLD.copyright)
BEGIN
    INSERT INTO stale (asset, words) VALUES (NEW.id, 1) ON CONFLICT (asset) DO UPDATE SET words = 1;
END;
CREATE TRIGGER stale_warning AFTER INSERT ON warning
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
-- One trigger for each scope: the indexes by session and tag leave out what is not present, so a decision about one asset
-- must not ask them.
CREATE TRIGGER stale_decision AFTER INSERT ON clearance WHEN NEW.asset IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
CREATE TRIGGER stale_decision_session AFTER INSERT ON clearance WHEN NEW.session IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO stale (asset) SELECT x.asset FROM asset_session AS x WHERE x.session = NEW.session;
END;
CREATE TRIGGER stale_decision_tag AFTER INSERT ON clearance WHEN NEW.tag IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO stale (asset)
    SELECT x.asset
      FROM tag       AS named
      JOIN tag       AS t ON t.path = named.path OR (t.path >= named.path || '/' AND t.path < named.path || '0')
      JOIN asset_tag AS x ON x.tag = t.id
     WHERE named.id = NEW.tag;
END;
CREATE TRIGGER stale_session_new AFTER INSERT ON asset_session
  WHEN EXISTS (SELECT 1 FROM clearance WHERE session = NEW.session) OR EXISTS (SELECT 1 FROM artist WHERE may = 'approve')
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
CREATE TRIGGER stale_session AFTER UPDATE ON asset_session
  WHEN EXISTS (SELECT 1 FROM clearance WHERE session = NEW.session) OR EXISTS (SELECT 1 FROM artist WHERE may = 'approve')
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
CREATE TRIGGER stale_tag_new AFTER INSERT ON asset_tag
  WHEN EXISTS (SELECT 1 FROM clearance WHERE tag IS NOT NULL) OR EXISTS (SELECT 1 FROM artist WHERE may = 'approve')
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
CREATE TRIGGER stale_tag AFTER UPDATE ON asset_tag
  WHEN EXISTS (SELECT 1 FROM clearance WHERE tag IS NOT NULL) OR EXISTS (SELECT 1 FROM artist WHERE may = 'approve')
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
CREATE TRIGGER stale_derivation_new AFTER INSERT ON derivation
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
CREATE TRIGGER stale_derivation AFTER UPDATE ON derivation
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
-- What was cleared before a part of it came in, or before another file took its place, does not cover it.
CREATE TRIGGER stale_file_new AFTER INSERT ON asset_file
  WHEN NEW.role IN ('original', 'segment') AND EXISTS (SELECT 1 FROM clearance WHERE asset = NEW.asset)
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
CREATE TRIGGER stale_file AFTER UPDATE ON asset_file
  WHEN (NEW.role IN ('original', 'segment') OR OLD.role IN ('original', 'segment'))
       AND EXISTS (SELECT 1 FROM clearance WHERE asset = NEW.asset)
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
CREATE TRIGGER stale_delivery AFTER INSERT ON delivery_item
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
CREATE TRIGGER stale_ground AFTER INSERT ON delivery_ground
BEGIN
    INSERT OR IGNORE INTO stale (asset) VALUES (NEW.asset);
END;
CREATE TRIGGER stale_approval_new AFTER INSERT ON artist WHEN NEW.may = 'approve'
BEGIN
    INSERT OR IGNORE INTO stale (asset)
    SELECT x.asset FROM tag AS t JOIN asset_tag AS x ON x.tag = t.id
     WHERE t.path LIKE 'people/%' AND t.path LIKE '%/' || NEW.name;
END;
CREATE TRIGGER stale_approval AFTER UPDATE ON artist WHEN NEW.may = 'approve'
BEGIN
    INSERT OR IGNORE INTO stale (asset)
    SELECT x.asset FROM tag AS t JOIN asset_tag AS x ON x.tag = t.id
     WHERE t.path LIKE 'people/%' AND t.path LIKE '%/' || NEW.name;
END;

INSERT INTO stale (asset, words)
SELECT id, 1 FROM asset
 WHERE coalesce(title, caption, instructions, usage_terms, copyright) IS NOT NULL
    OR id IN (SELECT asset FROM clearance)
    OR id IN (SELECT asset FROM edit);
