package dev.ragprocessor.ingest;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that the tables show of one object, as a reader sees it between two transactions.
 *
 * @param generation of the document; 0 while it shows none
 * @param document its status; empty when there is none
 * @param owner its tenant; empty when there is none
 * @param chunkCount as the document says
 * @param error as the document says; empty when there is none
 * @param job the job's status, lease and times, as one text; empty when there is none
 * @param jobGeneration what the job is or was for
 * @param chunks content, vector and owner of each, in order
 * @param tombstone 0 when there is none
 */
record Shown(
    long generation,
    String document,
    String owner,
    int chunkCount,
    String error,
    String job,
    long jobGeneration,
    List<String> chunks,
    long tombstone) {
  private static final String ALL =
      """
      SELECT coalesce(d.gcs_path, t.path) AS path, coalesce(d.generation, 0),
             coalesce(d.status::text, ''), coalesce(d.user_id::text, ''),
             coalesce(d.chunk_count, 0), coalesce(d.processing_error, ''),
             coalesce(concat_ws(' ', j.status, j.lease_owner, j.lease_until, j.next_attempt_at), ''),
             coalesce(j.generation, 0), coalesce(t.generation, 0),
             (SELECT coalesce(array_agg(concat_ws(' ', left(c.content, 20), md5(c.content),
                                                  md5(c.space_embedding::text), c.user_id)
                                        ORDER BY c.chunk_index), '{}')
                FROM document_chunks c WHERE c.document_id = d.id)
        FROM documents d
        LEFT JOIN document_processing_jobs j ON j.document_id = d.id
        FULL JOIN (SELECT 'gs://' || bucket || '/' || name AS path, generation
                     FROM object_tombstones) t ON t.path = d.gcs_path
      """;

  /** An object that the tables know nothing of. */
  static final Shown NOTHING = new Shown(0, "", "", 0, "", "", 0, List.of(), 0);

  /** Promises every object, by its path. */
  static Map<String, Shown> all(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(ALL)) {
      Map<String, Shown> all = new TreeMap<>();
      while (rows.next()) {
        all.put(
            rows.getString(1),
            new Shown(
                rows.getLong(2),
                rows.getString(3),
                rows.getString(4),
                rows.getInt(5),
                rows.getString(6),
                rows.getString(7),
                rows.getLong(8),
                List.of((String[]) rows.getArray(10).getArray()),
                rows.getLong(9)));
      }
      return all;
    }
  }

  /** Promises how many rows the query counts. */
  static long count(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Whether somebody works on a newer generation than this, or will. */
  boolean isFollowedAfter(long other) {
    return jobGeneration > other && (job.startsWith("processing") || job.startsWith("retry"));
  }

  /** The newest generation that these rows speak of; it never falls. */
  long clock() {
    return Math.max(generation, tombstone);
  }

  /** The same, of an object and a past of its own. */
  Shown of(String otherOwner, long otherGeneration, long otherTombstone) {
    return new Shown(
        otherGeneration,
        document,
        otherOwner,
        chunkCount,
        error,
        job,
        otherGeneration,
        chunks.stream().map(chunk -> chunk.replace(owner, otherOwner)).toList(),
        otherTombstone);
  }
}
