-- Locks an object for the rest of the transaction, then reads what is known of it. In a volatile function the query
-- sees what the last holder of the lock has stored, which a single statement would not; and both take one round trip.
CREATE FUNCTION rag_locked_object(p_path text, p_bucket text, p_name text)
RETURNS TABLE (
  document_id uuid, generation bigint, metageneration bigint, crc32c text, object_size bigint, completed boolean,
  job_id uuid, job_status text, job_generation bigint, fencing_token bigint, retry_count integer, tombstone bigint)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(p_path, 0));
  RETURN QUERY
    SELECT d.id, d.generation, d.metageneration, d.crc32c, d.object_size, d.status = 'completed',
           j.id, j.status::text, j.generation, j.fencing_token, j.retry_count, t.generation
      FROM (VALUES (1)) one
      LEFT JOIN documents d ON d.gcs_path = p_path
      LEFT JOIN document_processing_jobs j ON j.file_path = p_path
      LEFT JOIN object_tombstones t ON t.bucket = p_bucket AND t.name = p_name;
END $$;
