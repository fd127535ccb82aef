-- On an adopted table with rows, so without blocking its writers; each covers only rows with a lease of ours.
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_processing_jobs_next_attempt_at_idx
  ON document_processing_jobs (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_processing_jobs_lease_until_idx
  ON document_processing_jobs (lease_until) WHERE lease_until IS NOT NULL;
