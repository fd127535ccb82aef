-- A change of models fills a new space beside the one that is searched: a chunk then has two vectors for a while. The
-- second lies here, so that filling rewrites no row of document_chunks and adds nothing to the index that serves the
-- searches. A space whose vectors lie here stays here; the switch only moves the mark "active".
CREATE TABLE chunk_vectors (
  chunk_id uuid NOT NULL REFERENCES document_chunks (id) ON DELETE CASCADE,
  space integer NOT NULL,
  embedding vector NOT NULL,
  PRIMARY KEY (chunk_id, space));

ALTER TABLE embedding_spaces
  ADD COLUMN apart boolean NOT NULL DEFAULT false,
  ADD COLUMN frozen_until timestamptz; -- until then nothing is stored in it, for the last step of a change

-- The active space of a kind, unless it is frozen, which cannot change before the transaction ends. In a volatile function the query sees
-- what the last holder of the lock has stored, which a single statement would not.
CREATE FUNCTION rag_active_space(p_kind text) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('embedding_spaces', 0));
  RETURN (SELECT s.id FROM embedding_spaces s WHERE s.kind = p_kind AND s.active
             AND (s.frozen_until IS NULL OR s.frozen_until < now()));
END $$;

-- The web application's search goes where the active space's vectors are, when the question has as many dimensions.
-- Only a function of ours is replaced.
DO $migration$
DECLARE
  function_name text;
BEGIN
  PERFORM '[1]'::vector; -- loads the library, which defines the settings
  SELECT p.proname INTO STRICT function_name FROM pg_proc p
   WHERE p.proname IN ('match_text_chunks', 'rag_match_text_chunks')
     AND p.prosrc LIKE '%embedding_spaces%' AND pg_function_is_visible(p.oid);
  EXECUTE format($create$
    CREATE OR REPLACE FUNCTION %I(
      query_embedding vector, p_user_id uuid, p_match_threshold double precision, p_match_count integer)
    RETURNS TABLE (chunk_id uuid, content text, context text, similarity double precision, metadata jsonb,
                   document_filename text, document_id uuid)
    LANGUAGE plpgsql STABLE SET hnsw.iterative_scan = 'strict_order' SET hnsw.ef_search = 100 AS $body$
    DECLARE
      active embedding_spaces;
      source text := 'document_chunks c';
      vector_of text := 'c.text_embedding';
      question text := '$1';
      condition text := 'c.text_space IS NULL';
    BEGIN
      SELECT * INTO active FROM embedding_spaces s WHERE s.kind = 'text' AND s.active;
      IF active.apart AND active.dimensions = vector_dims(query_embedding) THEN
        source := 'chunk_vectors v JOIN document_chunks c ON c.id = v.chunk_id';
        vector_of := format('(v.embedding::%%s(%%s))',
          CASE WHEN active.dimensions > 2000 THEN 'halfvec' ELSE 'vector' END, active.dimensions);
        question := CASE WHEN active.dimensions > 2000 THEN '$1::halfvec' ELSE '$1' END;
        condition := format('v.space = %%s', active.id);
      ELSIF active.id IS NOT NULL THEN
        condition := format('(c.text_space IS NULL OR c.text_space = %%s)', active.id);
      END IF;
      RETURN QUERY EXECUTE format($query$
        SELECT c.id, c.content, c.context, 1 - (%%1$s <=> %%2$s), c.metadata, d.filename, d.id
          FROM %%3$s JOIN documents d ON d.id = c.document_id
         WHERE c.user_id = $2
           AND %%4$s
           AND %%1$s <=> %%2$s < 1 - $3
         ORDER BY %%1$s <=> %%2$s
         LIMIT $4
      $query$, vector_of, question, source, condition)
      USING query_embedding, p_user_id, p_match_threshold, p_match_count;
    END $body$ $create$, function_name);
END $migration$;
