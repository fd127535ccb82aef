package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import java.time.Duration;
import java.util.Optional;

/** The rows of {@code rejected_objects}: objects that cannot have a document, and why. */
public final class Rejections {
  static final String FORGET =
      "DELETE FROM rejected_objects WHERE bucket = ? AND name = ? AND generation <= ?";

  private Rejections() {}

  /**
   * Promises that the rejection of this generation is recorded.
   *
   * @param object whose name may be one that PostgreSQL cannot store: it is kept escaped
   */
  public static void record(Scope db, ObjectId object, TenantId tenant, String reason) {
    db.dml(
        """
        INSERT INTO rejected_objects AS r (bucket, name, generation, user_id, reason)
        VALUES (?, ?, ?, CAST(? AS uuid), ?)
        ON CONFLICT (bucket, name) DO UPDATE SET
               generation = EXCLUDED.generation, user_id = EXCLUDED.user_id,
               reason = EXCLUDED.reason, rejected_at = now()
         WHERE r.generation <= EXCLUDED.generation
        """,
        object.bucket(),
        escaped(object.name()),
        object.generation(),
        tenant.toString(),
        reason);
  }

  /** Promises the reason of the rejection of this generation or a later one, if there is one. */
  public static Optional<String> reason(Scope db, ObjectId object) {
    return db.get(
            "SELECT reason FROM rejected_objects WHERE bucket = ? AND name = ? AND generation >= ?",
            object.bucket(),
            escaped(object.name()),
            object.generation())
        .map(row -> Columns.text(row, "reason"));
  }

  /** Promises that no rejection of the object is left; for an object that was deleted or mended. */
  public static void forget(Scope db, ObjectId object) {
    db.dml(FORGET, object.bucket(), escaped(object.name()), object.generation());
  }

  /** Promises that at most {@code limit} rejections older than {@code age} are gone. */
  public static long expire(Scope db, Duration age, int limit) {
    return db.dml(
        """
        DELETE FROM rejected_objects WHERE (bucket, name) IN (
          SELECT bucket, name FROM rejected_objects
           WHERE rejected_at < now() - make_interval(secs => ?) LIMIT ?)
        """,
        (double) age.toSeconds(),
        limit);
  }

  /** Whether PostgreSQL can store the name as it is: no NUL, no lone surrogate. */
  public static boolean storable(String name) {
    return escaped(name).equals(name);
  }

  // A backslash alone stays as it is: the escaped form is for people, and collides with nothing
  // real.
  private static String escaped(String name) {
    StringBuilder text = new StringBuilder(name.length());
    name.codePoints()
        .forEach(
            point -> {
              boolean surrogate =
                  point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
              if (point == 0 || surrogate) {
                text.append("\\u%04x".formatted(point));
              } else {
                text.appendCodePoint(point);
              }
            });
    return text.toString();
  }
}
