package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is counted for people; it changes nothing. */
public final class Totals {
  private Totals() {}

  /** Promises how many jobs a tenant has of each status that occurs. It reads all of them. */
  public static Map<JobStatus, Long> jobs(Scope db, TenantId tenant) {
    Map<JobStatus, Long> totals = new EnumMap<>(JobStatus.class);
    db.query(
            """
            SELECT j.status::text AS status, count(*) AS jobs
              FROM document_processing_jobs j JOIN documents d ON d.id = j.document_id
             WHERE d.user_id = CAST(? AS uuid) GROUP BY j.status
            """,
            tenant.toString())
        .forEach(
            row ->
                totals.put(
                    JobStatus.of(Columns.text(row, "status")), Columns.integer(row, "jobs")));
    return totals;
  }

  /**
   * Promises some of those who have documents, in the order of their ids. It skips from one to the
   * next in the index, however many documents each has.
   *
   * @param limit 1 to 1,000
   */
  public static List<TenantId> tenants(Scope db, int limit) {
    return db.query(
            """
            WITH RECURSIVE owner (id) AS (
              (SELECT user_id FROM documents ORDER BY user_id LIMIT 1)
              UNION ALL
              SELECT (SELECT user_id FROM documents WHERE user_id > o.id ORDER BY user_id LIMIT 1)
                FROM owner o WHERE o.id IS NOT NULL)
            SELECT id FROM owner WHERE id IS NOT NULL LIMIT ?
            """,
            limit)
        .map(row -> new TenantId(Columns.uuid(row, "id")))
        .toList();
  }
}
