-- An index over all rows makes storing a vector cost a hundred times what it costs without. So rows are counted off into
-- segments: the newest, the open one, has no index, and the older ones have partial indexes that are built when they are
-- full (src/docs/index.md). The open one is the last value of this sequence, and nextval opens the next.
CREATE SEQUENCE chunk_segments MINVALUE 0 START 0;
SELECT setval('chunk_segments', 1);
-- The Python service's role stores rows as well, which reads it.
GRANT SELECT ON SEQUENCE chunk_segments TO PUBLIC;

-- What is there is segment 0, by a constant, so that no row is rewritten. From then on whoever stores a row, a release
-- that knows nothing of segments included, gives it the open one.
ALTER TABLE document_chunks ADD COLUMN IF NOT EXISTS segment bigint NOT NULL DEFAULT 0;
ALTER TABLE document_chunks ALTER COLUMN segment SET DEFAULT pg_sequence_last_value('chunk_segments');
ALTER TABLE chunk_vectors ADD COLUMN IF NOT EXISTS segment bigint NOT NULL DEFAULT 0;
ALTER TABLE chunk_vectors ALTER COLUMN segment SET DEFAULT pg_sequence_last_value('chunk_segments');
-- They are analyzed after each build, so quickly.
ALTER TABLE document_chunks ALTER COLUMN segment SET STATISTICS 10, ALTER COLUMN text_space SET STATISTICS 10;
ALTER TABLE chunk_vectors ALTER COLUMN segment SET STATISTICS 10, ALTER COLUMN space SET STATISTICS 10;

-- The parts that a search of a space is made of, as conditions on segment: each index that is built is one, and between
-- and after them the rows that are in none. Every row fulfils exactly one of them, whatever indexes there are at the
-- moment: they decide how fast a part is, and never what is found. An index over all rows is one part. Segments'
-- indexes are known by their names.
CREATE FUNCTION rag_search_parts(p_space integer, p_alias text) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  space embedding_spaces;
  parts text[] := '{}';
  next bigint := 0;
  part record;
BEGIN
  SELECT * INTO space FROM embedding_spaces s WHERE s.id = p_space;
  IF space.kind IS DISTINCT FROM 'text' THEN
    RETURN ARRAY['true'];
  END IF;
  FOR part IN
    SELECT c.relname ~ format('_space_%s_hnsw$', p_space)
             OR i.indpred IS NULL AND NOT space.apart AND a.attname = 'text_embedding' AND space.dimensions = 768 AS whole,
           n[1]::bigint AS first, n[2]::bigint AS last
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_am m ON m.oid = c.relam AND m.amname = 'hnsw'
      LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attnum > 0
      LEFT JOIN LATERAL regexp_match(c.relname, format('_space_%s_segment_(\d+)_(\d+)_hnsw$', p_space)) n ON true
     WHERE i.indrelid = CASE WHEN space.apart THEN 'chunk_vectors' ELSE 'document_chunks' END::regclass AND i.indisvalid
     ORDER BY 1 DESC NULLS LAST, 2, 3 DESC
  LOOP
    IF part.whole THEN
      RETURN ARRAY['true'];
    END IF;
    CONTINUE WHEN part.first IS NULL OR part.first < next; -- of another space, or within the one before
    IF part.first > next THEN
      parts := parts || format('%1$s.segment >= %2$s AND %1$s.segment < %3$s', p_alias, next, part.first);
    END IF;
    parts := parts || format('%1$s.segment >= %2$s AND %1$s.segment <= %3$s', p_alias, part.first, part.last);
    next := part.last + 1;
  END LOOP;
  RETURN parts || format('%s.segment >= %s', p_alias, next);
END $$;

-- The web application's search, part by part. The planner does not know that a vector has to be fetched from its TOAST
-- table, and would rather sort thousands of them than ask an index, unless told that a comparison costs more. Only a
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
            ORDER BY distance
            LIMIT $4)
        $part$, vector_of, question, source, condition, part), ' UNION ALL '))
          FROM unnest(parts) part)
      USING query_embedding, p_user_id, p_match_threshold, p_match_count;
    END $body$ $create$, function_name);
END $migration$;
