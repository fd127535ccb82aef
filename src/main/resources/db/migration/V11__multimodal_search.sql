-- The web application's search for media goes where the active multimodal space's vectors are, as that for texts does,
-- when the question has as many dimensions. Both are written anew from one text. Only functions of ours are replaced.
DO $migration$
DECLARE
  kind text;
  function_name text;
BEGIN
  PERFORM '[1]'::vector; -- loads the library, which defines the settings
  FOREACH kind IN ARRAY ARRAY['text', 'multimodal'] LOOP
    SELECT p.proname INTO STRICT function_name FROM pg_proc p
     WHERE p.proname IN (format('match_%s_chunks', kind), format('rag_match_%s_chunks', kind))
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
        vector_of text := 'c.%2$I';
        question text := '$1';
        condition text := 'c.%3$I IS NULL';
      BEGIN
        SELECT * INTO active FROM embedding_spaces s WHERE s.kind = %4$L AND s.active;
        IF active.apart AND active.dimensions = vector_dims(query_embedding) THEN
          source := 'chunk_vectors v JOIN document_chunks c ON c.id = v.chunk_id';
          vector_of := format('(v.embedding::%%s(%%s))',
            CASE WHEN active.dimensions > 2000 THEN 'halfvec' ELSE 'vector' END, active.dimensions);
          question := CASE WHEN active.dimensions > 2000 THEN '$1::halfvec' ELSE '$1' END;
          condition := format('v.space = %%s', active.id);
        ELSIF active.id IS NOT NULL THEN
          condition := format('(c.%3$I IS NULL OR c.%3$I = %%s)', active.id);
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
      END $body$ $create$, function_name, kind || '_embedding', kind || '_space', kind);
  END LOOP;
END $migration$;
