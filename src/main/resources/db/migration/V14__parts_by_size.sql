-- What a search looks at in each part was the same for all, so that ten parts cost ten times what one index does. Now it
-- is shared out by the root of their sizes: what is looked at in a small graph is a larger part of it. And an index of a
-- part may keep 16 bits of a number in place of 32: its nearest are ranked anew by the stored vectors.
-- rag_search_parts(integer, text) stays for releases that ask it.
CREATE FUNCTION rag_search_parts(p_space integer, p_alias text, p_candidates integer)
RETURNS TABLE (condition text, candidates integer, halved boolean) LANGUAGE plpgsql STABLE AS $$
DECLARE
  space embedding_spaces;
BEGIN
  SELECT * INTO space FROM embedding_spaces s WHERE s.id = p_space;
  IF space.kind IS DISTINCT FROM 'text' THEN
    RETURN QUERY VALUES ('true', p_candidates, false);
    RETURN;
  END IF;
  RETURN QUERY
    WITH indexes AS (
      SELECT c.relname ~ format('_space_%s_hnsw$', p_space)
               OR i.indpred IS NULL AND NOT space.apart AND a.attname = 'text_embedding' AND space.dimensions = 768 AS whole,
             n[1]::bigint AS first, n[2]::bigint AS last, greatest(c.reltuples, 1)::float8 AS size,
             o.opcname = 'halfvec_cosine_ops' AND space.dimensions <= 2000 AS half
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am m ON m.oid = c.relam AND m.amname = 'hnsw'
        JOIN pg_opclass o ON o.oid = i.indclass[0]
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attnum > 0
        LEFT JOIN LATERAL regexp_match(c.relname, format('_space_%s_segment_(\d+)_(\d+)_hnsw$', p_space)) n ON true
       WHERE i.indrelid = CASE WHEN space.apart THEN 'chunk_vectors' ELSE 'document_chunks' END::regclass AND i.indisvalid),
    segments AS (
      SELECT s.*, sum(size) OVER () AS all_sizes, lag(s.last, 1, -1::bigint) OVER (ORDER BY s.first) + 1 AS next
        FROM indexes s
       WHERE s.first IS NOT NULL
         AND NOT EXISTS (
           SELECT FROM indexes wider
            WHERE wider.first <= s.first AND wider.last >= s.last AND (wider.first, wider.last) <> (s.first, s.last)))
    SELECT 'true', p_candidates, false WHERE EXISTS (SELECT FROM indexes WHERE whole)
     UNION ALL
    SELECT part.condition, part.candidates, part.half
      FROM (
        SELECT format('%1$s.segment >= %2$s AND %1$s.segment <= %3$s', p_alias, s.first, s.last) AS condition,
               -- 40 is pgvector's own.
               greatest(least(40, p_candidates), ceil(p_candidates * sqrt(size / all_sizes))::integer) AS candidates,
               s.half
          FROM segments s
         UNION ALL -- what lies between them, and has no index
        SELECT format('%1$s.segment >= %2$s AND %1$s.segment < %3$s', p_alias, s.next, s.first), NULL, false
          FROM segments s WHERE s.next < s.first
         UNION ALL
        SELECT format('%s.segment >= %s', p_alias, coalesce(max(s.last) + 1, 0)), NULL, false FROM segments s) part
     WHERE NOT EXISTS (SELECT FROM indexes WHERE whole);
END $$;

-- The web application's search, with the same parts. Only a function of ours is replaced.
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
      alias text := 'c';
      vector_of text := 'c.text_embedding';
      question text := '$1';
      of_space text := 'c.text_space IS NULL';
      in_parts boolean := false;
      ordering text := 'distance';
    BEGIN
      SELECT * INTO active FROM embedding_spaces s WHERE s.kind = 'text' AND s.active;
      IF active.apart AND active.dimensions = vector_dims(query_embedding) THEN
        source := 'chunk_vectors v JOIN document_chunks c ON c.id = v.chunk_id';
        alias := 'v';
        vector_of := format('(v.embedding::%%s(%%s))',
          CASE WHEN active.dimensions > 2000 THEN 'halfvec' ELSE 'vector' END, active.dimensions);
        question := CASE WHEN active.dimensions > 2000 THEN '$1::halfvec' ELSE '$1' END;
        of_space := format('v.space = %%s', active.id);
        in_parts := true;
      ELSIF active.id IS NOT NULL THEN
        of_space := format('(c.text_space IS NULL OR c.text_space = %%s)', active.id);
        in_parts := active.dimensions = 768 AND NOT active.apart;
      END IF;
      IF (SELECT count(*) <= 2000 FROM
           (SELECT FROM document_chunks c WHERE c.user_id = p_user_id LIMIT 2001) counted) THEN
        in_parts := false;
        ordering := format('(%%s <=> %%s) + 0', vector_of, question); -- which no index gives
      END IF;
      RETURN QUERY EXECUTE (
        SELECT format($query$
          SELECT c.id, c.content, c.context, 1 - near.distance, c.metadata, d.filename, d.id
            FROM (SELECT * FROM (%%s) of_parts ORDER BY distance LIMIT $4) near
            JOIN document_chunks c ON c.id = near.id
            JOIN documents d ON d.id = c.document_id
           ORDER BY near.distance
        $query$, string_agg(format($part$
          (SELECT nearest.id, nearest.distance
             FROM (SELECT set_config('hnsw.ef_search', %%7$L, true) AS candidates) look,
                  LATERAL (
                    SELECT c.id, %%1$s <=> %%2$s AS distance
                      FROM %%3$s
                     WHERE c.user_id = $2
                       AND %%4$s
                       AND %%5$s
                       AND %%1$s <=> %%2$s < 1 - $3
                       AND look.candidates IS NOT NULL
                     ORDER BY %%6$s
                     LIMIT %%8$s * $4) nearest)
        $part$, vector_of, question, source, of_space, part.condition,
                CASE WHEN part.halved THEN format('%%1$s::halfvec(%%2$s) <=> $1::halfvec(%%2$s)', vector_of, active.dimensions)
                     ELSE ordering END,
                coalesce(part.candidates, 200),
                CASE WHEN part.halved THEN 2 ELSE 1 END), ' UNION ALL '))
          FROM (SELECT p.* FROM rag_search_parts(active.id, alias, 200) p WHERE in_parts
                 UNION ALL SELECT 'true', 200, false WHERE NOT in_parts) part)
      USING query_embedding, p_user_id, p_match_threshold, p_match_count;
    END $body$ $create$, function_name);
END $migration$;
