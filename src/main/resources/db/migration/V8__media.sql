-- Vectors of media whose dimensions do not fit multimodal_embedding vector(1408).
ALTER TABLE document_chunks ADD COLUMN IF NOT EXISTS multimodal_space_embedding vector;

-- What models made of an object's bytes while the work on it is not at its end, so that it is not paid twice when a
-- quota ends in between. Gone with the work's success, with the object, or after some days.
CREATE TABLE model_answers (
  object text NOT NULL,     -- gs://bucket/name
  content text NOT NULL,    -- which bytes: checksum and size, or the generation where there is no checksum
  question text NOT NULL,
  answer text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (object, content, question));
CREATE INDEX model_answers_made_at_idx ON model_answers (made_at);
