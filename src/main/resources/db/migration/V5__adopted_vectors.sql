-- Vectors without a space are the Python service's, which may go on storing them beside us. Their rows stay as they
-- are; the space that they belong to says so.
ALTER TABLE embedding_spaces ADD COLUMN adopted boolean NOT NULL DEFAULT false;
