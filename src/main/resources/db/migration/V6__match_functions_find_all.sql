-- An index scan of pgvector ends after hnsw.ef_search rows, whether or not the filters have left enough of them: the
-- searches go on until there are as many as were asked for. A function with settings is not inlined, so the query is
-- planned for its values by EXECUTE. Only functions of ours are replaced.
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
      BEGIN
        RETURN QUERY EXECUTE $query$
          SELECT c.id, c.content, c.context, 1 - (c.%2$I <=> $1), c.metadata, d.filename, d.id
            FROM document_chunks c JOIN documents d ON d.id = c.document_id
           WHERE c.user_id = $2
             AND (c.%3$I IS NULL OR c.%3$I = (SELECT s.id FROM embedding_spaces s WHERE s.kind = %4$L AND s.active))
             AND c.%2$I <=> $1 < 1 - $3
           ORDER BY c.%2$I <=> $1
           LIMIT $4
        $query$ USING query_embedding, p_user_id, p_match_threshold, p_match_count;
      END $body$ $create$, function_name, kind || '_embedding', kind || '_space', kind);
  END LOOP;
END $migration$;
