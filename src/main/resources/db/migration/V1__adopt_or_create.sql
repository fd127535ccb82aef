-- The three tables that the Python service and its web application know. Where they exist they are adopted as
-- they are, with their own names and indexes; where they are missing they are created alike.
CREATE EXTENSION IF NOT EXISTS vector;

DO $$
BEGIN
  IF to_regtype('document_status') IS NULL THEN
    CREATE TYPE document_status AS ENUM ('uploading', 'processing', 'completed', 'error');
  END IF;
  IF to_regtype('file_category') IS NULL THEN
    CREATE TYPE file_category AS ENUM ('documents', 'images', 'videos', 'audio');
  END IF;
  IF to_regtype('document_processing_job_status') IS NULL THEN
    CREATE TYPE document_processing_job_status AS ENUM
      ('pending', 'processing', 'processed', 'error', 'retry_pending', 'cancelled', 'partially_processed');
  END IF;

  IF to_regclass('documents') IS NULL THEN
    CREATE TABLE documents (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      user_id uuid NOT NULL,
      filename text NOT NULL,
      original_filename text NOT NULL,
      file_size integer NOT NULL,
      mime_type text NOT NULL,
      file_category file_category NOT NULL,
      gcs_bucket text NOT NULL,
      gcs_path text NOT NULL CONSTRAINT documents_gcs_path_unique UNIQUE,
      status document_status NOT NULL DEFAULT 'uploading',
      chunk_count integer DEFAULT 0,
      processing_error text,
      processing_metadata text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      processed_at timestamptz);
    CREATE INDEX documents_user_id_idx ON documents (user_id);
    CREATE INDEX documents_status_idx ON documents (status);
    CREATE INDEX documents_file_category_idx ON documents (file_category);
    CREATE INDEX documents_created_at_idx ON documents (created_at);
  END IF;

  IF to_regclass('document_processing_jobs') IS NULL THEN
    CREATE TABLE document_processing_jobs (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
      status document_processing_job_status NOT NULL DEFAULT 'pending',
      processing_stage text NOT NULL DEFAULT 'pending',
      file_size bigint,
      file_type text NOT NULL,
      file_path text NOT NULL CONSTRAINT document_processing_jobs_file_path_unique UNIQUE,
      retry_count integer NOT NULL DEFAULT 0,
      error_message text,
      processing_started_at timestamptz,
      completed_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now());
    CREATE INDEX document_processing_jobs_document_id_idx ON document_processing_jobs (document_id);
    CREATE INDEX document_processing_jobs_status_idx ON document_processing_jobs (status);
    CREATE INDEX document_processing_jobs_updated_at_idx ON document_processing_jobs (updated_at);
    CREATE INDEX document_processing_jobs_status_updated_at_idx ON document_processing_jobs (status, updated_at);
  END IF;

  IF to_regclass('document_chunks') IS NULL THEN
    CREATE TABLE document_chunks (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      user_id uuid NOT NULL,
      document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
      content text NOT NULL,
      context text,
      chunk_index integer NOT NULL,
      metadata jsonb NOT NULL,
      text_embedding vector(768),
      multimodal_embedding vector(1408),
      created_at timestamptz NOT NULL DEFAULT now());
    CREATE INDEX document_chunks_user_id_idx ON document_chunks (user_id);
    CREATE INDEX document_chunks_document_id_idx ON document_chunks (document_id);
  END IF;
END $$;
