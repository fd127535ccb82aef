package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import java.time.Duration;

/** The rows of {@code object_tombstones}: what a delete leaves, so that nothing late comes back. */
public final class Tombstones {
  private Tombstones() {}

  /**
   * Promises that this generation and all before it count as deleted, and that nothing is left of
   * what models said about them.
   */
  public static void leave(Scope db, ObjectId object, long metageneration) {
    db.dml(
        """
        WITH forgotten AS (DELETE FROM model_answers WHERE object = ?)
        INSERT INTO object_tombstones AS t (bucket, name, generation, metageneration)
        VALUES (?, ?, ?, ?)
        ON CONFLICT (bucket, name) DO UPDATE SET
               generation = EXCLUDED.generation, metageneration = EXCLUDED.metageneration,
               deleted_at = now()
         WHERE t.generation < EXCLUDED.generation
        """,
        object.path(),
        object.bucket(),
        object.name(),
        object.generation(),
        metageneration);
  }

  /**
   * Promises that at most {@code limit} tombstones older than {@code age} are gone.
   *
   * @param age at least Pub/Sub's longest retention, 31 days, or a late event could bring an object
   *     back
   */
  public static long expire(Scope db, Duration age, int limit) {
    return db.dml(
        """
        DELETE FROM object_tombstones WHERE (bucket, name) IN (
          SELECT bucket, name FROM object_tombstones
           WHERE deleted_at < now() - make_interval(secs => ?) LIMIT ? FOR UPDATE SKIP LOCKED)
        """,
        (double) age.toSeconds(),
        limit);
  }
}
