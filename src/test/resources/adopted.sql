-- A database as the Python service and its web application leave it.
CREATE TABLE users (id uuid PRIMARY KEY);
INSERT INTO users VALUES ('11111111-1111-4111-8111-111111111111'), ('33333333-3333-4333-8333-333333333333');
CREATE TYPE document_status AS ENUM ('uploading', 'processing', 'completed', 'error');
CREATE TYPE file_category AS ENUM ('documents', 'images', 'videos', 'audio');
CREATE TYPE document_processing_job_status AS ENUM
  ('pending', 'processing', 'processed', 'error', 'retry_pending', 'cancelled', 'partially_processed');
CREATE TABLE documents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  filename text NOT NULL,
  original_filename text NOT NULL,
  file_size integer NOT NULL,
  mime_type text NOT NULL,
  file_category file_category NOT NULL,
  gcs_bucket text NOT NULL,
  gcs_path text NOT NULL,
  status document_status DEFAULT 'uploading' NOT NULL,
  chunk_count integer DEFAULT 0,
  processing_error text,
  processing_metadata text,
  created_at timestamptz DEFAULT now() NOT NULL,
  updated_at timestamptz DEFAULT now() NOT NULL,
  processed_at timestamptz,
  CONSTRAINT documents_gcs_path_unique UNIQUE (gcs_path),
  CONSTRAINT documents_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES users (id));
CREATE INDEX documents_user_id_index ON documents (user_id);
CREATE INDEX documents_status_index ON documents (status);
CREATE INDEX documents_file_category_index ON documents (file_category);
CREATE INDEX documents_created_at_index ON documents (created_at);
CREATE TABLE document_processing_jobs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  status document_processing_job_status DEFAULT 'pending' NOT NULL,
  processing_stage text DEFAULT 'pending' NOT NULL,
  file_size bigint,
  file_type text NOT NULL,
  file_path text NOT NULL,
  retry_count integer DEFAULT 0 NOT NULL,
  error_message text,
  processing_started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz DEFAULT now() NOT NULL,
  updated_at timestamptz DEFAULT now() NOT NULL,
  CONSTRAINT document_processing_jobs_file_path_unique UNIQUE (file_path));
CREATE INDEX processing_jobs_document_id_index ON document_processing_jobs (document_id);
CREATE INDEX processing_jobs_status_index ON document_processing_jobs (status);
CREATE INDEX processing_jobs_updated_at_index ON document_processing_jobs (updated_at);
CREATE INDEX processing_jobs_status_updated_at_index ON document_processing_jobs (status, updated_at);
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
  created_at timestamptz DEFAULT now() NOT NULL);
CREATE INDEX document_chunks_user_id_index ON document_chunks (user_id);
CREATE INDEX document_chunks_document_id_index ON document_chunks (document_id);
CREATE INDEX document_chunks_text_embedding_index ON document_chunks USING hnsw (text_embedding vector_cosine_ops);
CREATE INDEX document_chunks_multimodal_embedding_index ON document_chunks USING hnsw (multimodal_embedding vector_cosine_ops);
CREATE FUNCTION match_text_chunks(query_embedding vector, p_user_id uuid, p_match_threshold double precision, p_match_count integer)
RETURNS TABLE (chunk_id uuid, content text, context text, similarity double precision, metadata jsonb, document_filename text, document_id uuid)
LANGUAGE sql STABLE AS 'SELECT c.id, c.content, c.context, 1 - (c.text_embedding <=> query_embedding), c.metadata, d.filename, d.id FROM document_chunks c JOIN documents d ON d.id = c.document_id WHERE c.user_id = p_user_id AND c.text_embedding IS NOT NULL AND 1 - (c.text_embedding <=> query_embedding) > p_match_threshold ORDER BY 4 DESC LIMIT p_match_count';
CREATE FUNCTION match_multimodal_chunks(query_embedding vector, p_user_id uuid, p_match_threshold double precision, p_match_count integer)
RETURNS TABLE (chunk_id uuid, content text, context text, similarity double precision, metadata jsonb, document_filename text, document_id uuid)
LANGUAGE sql STABLE AS 'SELECT c.id, c.content, c.context, 1 - (c.multimodal_embedding <=> query_embedding), c.metadata, d.filename, d.id FROM document_chunks c JOIN documents d ON d.id = c.document_id WHERE c.user_id = p_user_id AND c.multimodal_embedding IS NOT NULL AND 1 - (c.multimodal_embedding <=> query_embedding) > p_match_threshold ORDER BY 4 DESC LIMIT p_match_count';
-- Done by the Python service.
INSERT INTO documents (id, user_id, filename, original_filename, file_size, mime_type, file_category, gcs_bucket, gcs_path, status, chunk_count)
VALUES ('22222222-2222-4222-8222-222222222222', '11111111-1111-4111-8111-111111111111', 'notizen.txt', 'Meine Notizen.txt', 10, 'text/plain', 'documents', 'bucket', 'gs://bucket/notizen.txt', 'completed', 1);
INSERT INTO document_processing_jobs (document_id, status, processing_stage, file_type, file_path)
VALUES ('22222222-2222-4222-8222-222222222222', 'processed', 'completed', 'text/plain', 'gs://bucket/notizen.txt');
INSERT INTO document_chunks (user_id, document_id, content, chunk_index, metadata, text_embedding)
VALUES ('11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222', 'alter Text', 0, '{}', array_fill(0.5::real, ARRAY[768])::vector);
-- An image, with the other kind of vector.
INSERT INTO documents (id, user_id, filename, original_filename, file_size, mime_type, file_category, gcs_bucket, gcs_path, status, chunk_count)
VALUES ('44444444-4444-4444-8444-444444444444', '11111111-1111-4111-8111-111111111111', 'bild.png', 'Bild.png', 2000, 'image/png', 'images', 'bucket', 'gs://bucket/bild.png', 'completed', 1);
INSERT INTO document_processing_jobs (document_id, status, processing_stage, file_type, file_path)
VALUES ('44444444-4444-4444-8444-444444444444', 'processed', 'completed', 'image/png', 'gs://bucket/bild.png');
INSERT INTO document_chunks (user_id, document_id, content, chunk_index, metadata, multimodal_embedding)
VALUES ('11111111-1111-4111-8111-111111111111', '44444444-4444-4444-8444-444444444444', 'ein Bild', 0, '{"content_type": "image"}', array_fill(0.5::real, ARRAY[1408])::vector);
-- At work in the Python service, and waiting for its own retry.
INSERT INTO documents (id, user_id, filename, original_filename, file_size, mime_type, file_category, gcs_bucket, gcs_path, status)
VALUES ('55555555-5555-4555-8555-555555555555', '11111111-1111-4111-8111-111111111111', 'film.mp4', 'Film.mp4', 900000, 'video/mp4', 'videos', 'bucket', 'gs://bucket/film.mp4', 'processing'),
       ('66666666-6666-4666-8666-666666666666', '11111111-1111-4111-8111-111111111111', 'ton.mp3', 'Ton.mp3', 90000, 'audio/mpeg', 'audio', 'bucket', 'gs://bucket/ton.mp3', 'processing');
INSERT INTO document_processing_jobs (document_id, status, processing_stage, file_type, file_path, retry_count, error_message, processing_started_at, updated_at)
VALUES ('55555555-5555-4555-8555-555555555555', 'processing', 'transcribing', 'video/mp4', 'gs://bucket/film.mp4', 0, NULL, now() - interval '1 hour', now() - interval '1 hour'),
       ('66666666-6666-4666-8666-666666666666', 'retry_pending', 'pending', 'audio/mpeg', 'gs://bucket/ton.mp3', 2, 'quota', now() - interval '1 hour', now() - interval '1 hour');
-- Announced by the web application, with the file still to come.
INSERT INTO documents (id, user_id, filename, original_filename, file_size, mime_type, file_category, gcs_bucket, gcs_path)
VALUES ('77777777-7777-4777-8777-777777777777', '33333333-3333-4333-8333-333333333333', 'angebot.txt', 'Angebot für Anna.txt', 40, 'text/plain', 'documents', 'letters', 'gs://letters/11111111-1111-4111-8111-111111111111/angebot.txt');
