-- What is ours, beside what is theirs: columns that they do not read, tables that they do not know.
-- Constant defaults only, so that no adopted table is rewritten.

-- Which generation of the object the row shows; NULL, as the Python service leaves it, counts as 0.
ALTER TABLE documents
  ADD COLUMN IF NOT EXISTS generation bigint,
  ADD COLUMN IF NOT EXISTS metageneration bigint,
  ADD COLUMN IF NOT EXISTS crc32c text,
  ADD COLUMN IF NOT EXISTS object_size bigint;      -- file_size is an integer and holds no 2 GiB

ALTER TABLE document_processing_jobs
  ADD COLUMN IF NOT EXISTS generation bigint,
  ADD COLUMN IF NOT EXISTS metageneration bigint,
  ADD COLUMN IF NOT EXISTS fencing_token bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS lease_owner text,
  ADD COLUMN IF NOT EXISTS lease_until timestamptz,
  ADD COLUMN IF NOT EXISTS next_attempt_at timestamptz;

ALTER TABLE document_chunks
  ADD COLUMN IF NOT EXISTS text_space integer,
  ADD COLUMN IF NOT EXISTS multimodal_space integer,
  ADD COLUMN IF NOT EXISTS space_embedding vector;  -- of a text space whose dimensions do not fit text_embedding

-- Every vector has a space; vectors of different spaces are never compared.
CREATE TABLE embedding_spaces (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('text', 'multimodal')),
  model text NOT NULL,
  dimensions integer NOT NULL CHECK (dimensions > 0),
  task text NOT NULL,
  active boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (kind, model, dimensions, task));
CREATE UNIQUE INDEX embedding_spaces_one_active_a_kind ON embedding_spaces (kind) WHERE active;

-- What a delete leaves, so that a late event cannot bring the object back.
CREATE TABLE object_tombstones (
  bucket text NOT NULL,
  name text NOT NULL,
  generation bigint NOT NULL,
  metageneration bigint NOT NULL DEFAULT 0,
  deleted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (bucket, name));
CREATE INDEX object_tombstones_deleted_at_idx ON object_tombstones (deleted_at);

-- What cannot have a document: a missing user, a name that PostgreSQL cannot store (kept escaped).
CREATE TABLE rejected_objects (
  bucket text NOT NULL,
  name text NOT NULL,
  generation bigint NOT NULL,
  user_id uuid NOT NULL,
  reason text NOT NULL,
  rejected_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (bucket, name));

-- The history of a job; the job row itself only knows the current generation.
CREATE TABLE job_attempts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id uuid NOT NULL,
  generation bigint NOT NULL,
  attempt integer NOT NULL,
  outcome text NOT NULL,
  reason text,
  ended_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX job_attempts_job_id_idx ON job_attempts (job_id);
CREATE INDEX job_attempts_ended_at_idx ON job_attempts (ended_at);
