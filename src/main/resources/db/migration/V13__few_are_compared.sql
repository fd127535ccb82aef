-- Of an owner with few chunks all are compared by the web application's search: an index goes through much that is
-- somebody else's, gives up, and leaves some out. The service does so too, with the same number (PassageSearch). Only a
-- function of ours is replaced.
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
    LANGUAGE plpgsql STABLE SET hnsw.iterative_scan = 'strict_order' SET hnsw.ef_search = 200
    SET cpu_operator_cost = 0.25 SET jit = off AS $body$
    DECLARE
      active embedding_spaces;
      source text := 'document_chunks c';
      vector_of text := 'c.text_embedding';
      question text := '$1';
      condition text := 'c.text_space IS NULL';
      parts text[] := '{true}';
      ordering text := 'distance';
    BEGIN
      SELECT * INTO active FROM embedding_spaces s WHERE s.kind = 'text' AND s.active;
      IF active.apart AND active.dimensions = vector_dims(query_embedding) THEN
        source := 'chunk_vectors v JOIN document_chunks c ON c.id = v.chunk_id';
        vector_of := format('(v.embedding::%%s(%%s))',
          CASE WHEN active.dimensions > 2000 THEN 'halfvec' ELSE 'vector' END, active.dimensions);
        question := CASE WHEN active.dimensions > 2000 THEN '$1::halfvec' ELSE '$1' END;
        condition := format('v.space = %%s', active.id);
        parts := rag_search_parts(active.id, 'v');
      ELSIF active.id IS NOT NULL THEN
        condition := format('(c.text_space IS NULL OR c.text_space = %%s)', active.id);
        IF active.dimensions = 768 AND NOT active.apart THEN
          parts := rag_search_parts(active.id, 'c');
        END IF;
      END IF;
      IF (SELECT count(*) <= 2000 FROM
           (SELECT FROM document_chunks c WHERE c.user_id = p_user_id LIMIT 2001) counted) THEN
        parts := '{true}';
        ordering := format('(%%s <=> %%s) + 0', vector_of, question); -- which no index gives
      END IF;
      RETURN QUERY EXECUTE (
        SELECT format($query$
          SELECT c.id, c.content, c.context, 1 - near.distance, c.metadata, d.filename, d.id
            FROM (%%s) near
            JOIN document_chunks c ON c.id = near.id
            JOIN documents d ON d.id = c.document_id
           ORDER BY near.distance
           LIMIT $4
        $query$, string_agg(format($part$
          (SELECT c.id, %%1$s <=> %%2$s AS distance
             FROM %%3$s
            WHERE c.user_id = $2
              AND %%4$s
              AND %%5$s
              AND %%1$s <=> %%2$s < 1 - $3
            ORDER BY %%6$s
            LIMIT $4)
        $part$, vector_of, question, source, condition, part, ordering), ' UNION ALL '))
          FROM unnest(parts) part)
      USING query_embedding, p_user_id, p_match_threshold, p_match_count;
    END $body$ $create$, function_name);
END $migration$;
