-- An artist who has proofs of what somebody else took back is asked to give them up, as everybody is who has files.
--
-- Proofs left with a review and not with a delivery, so what a recall asks back of them stands in rows of its own; the
-- letter, its number and its answer are the recall's.

-- A proof that was asked back. origin: the asset that was closed, where the proof shows another that was made from it.
CREATE TABLE recall_proof (
    recall  INTEGER NOT NULL REFERENCES recall,
    review  INTEGER NOT NULL REFERENCES review,
    number  INTEGER NOT NULL,
    asset   INTEGER NOT NULL REFERENCES asset,
    origin  INTEGER NOT NULL REFERENCES asset,
    stamp   INTEGER NOT NULL,
    present INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)),
    PRIMARY KEY (recall, review, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX recall_proof_asset  ON recall_proof (asset);
CREATE INDEX recall_proof_review ON recall_proof (review, number);
