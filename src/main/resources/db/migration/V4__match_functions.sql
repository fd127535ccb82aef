-- The searches that the web application calls. Theirs order by a computed similarity and so never use an HNSW
-- index; these order by the operator, and never compare
-- vectors of two spaces. Where a function of that name exists with another return type it stays as
-- it is, and ours gets the prefix rag_.
DO $migration$
DECLARE
  kind text;
  function_name text;
BEGIN
  FOREACH kind IN ARRAY ARRAY['text', 'multimodal'] LOOP
    function_name := format('match_%s_chunks', kind);
    LOOP
      BEGIN
        EXECUTE format($create$
          CREATE OR REPLACE FUNCTION %I(
            query_embedding vector, p_user_id uuid, p_match_threshold double precision, p_match_count integer)
          RETURNS TABLE (chunk_id uuid, content text, context text, similarity double precision, metadata jsonb,
                         document_filename text, document_id uuid)
          LANGUAGE sql STABLE AS $body$
            SELECT c.id, c.content, c.context, 1 - (c.%2$I <=> query_embedding), c.metadata, d.filename, d.id
              FROM document_chunks c JOIN documents d ON d.id = c.document_id
             WHERE c.user_id = p_user_id
               AND (c.%3$I IS NULL OR c.%3$I = (SELECT s.id FROM embedding_spaces s WHERE s.kind = %4$L AND s.active))
               AND c.%2$I <=> query_embedding < 1 - p_match_threshold
             ORDER BY c.%2$I <=> query_embedding
             LIMIT p_match_count
          $body$ $create$, function_name, kind || '_embedding', kind || '_space', kind);
        EXIT;
      EXCEPTION WHEN invalid_function_definition THEN
        -- 42P13: same arguments, other return type
        function_name := 'rag_' || function_name;
        RAISE NOTICE 'kept the existing function; ours is %', function_name;
      END;
    END LOOP;
  END LOOP;
END $migration$;
