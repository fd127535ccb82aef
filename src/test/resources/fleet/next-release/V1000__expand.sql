-- Everything that a next release may do to the schema while this release still runs on it.
ALTER TYPE document_processing_job_status ADD VALUE IF NOT EXISTS 'of_the_next_release';

ALTER TABLE documents
  ADD COLUMN of_the_next_release text,
  ADD COLUMN also_of_the_next_release bigint NOT NULL DEFAULT 0;
ALTER TABLE document_processing_jobs ADD COLUMN of_the_next_release jsonb;
ALTER TABLE document_chunks ADD COLUMN of_the_next_release vector;
ALTER TABLE object_tombstones ADD COLUMN of_the_next_release timestamptz NOT NULL DEFAULT now();
ALTER TABLE rejected_objects ADD COLUMN of_the_next_release text;
ALTER TABLE job_attempts ADD COLUMN of_the_next_release text NOT NULL DEFAULT '';
ALTER TABLE embedding_spaces ADD COLUMN of_the_next_release text;

CREATE TABLE of_the_next_release (
  document_id uuid PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
  note text NOT NULL);
CREATE INDEX of_the_next_release_note_idx ON of_the_next_release (note);
