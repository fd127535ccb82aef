package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;

/** The version of the tables that this release works on; its migrations bring it about. */
public final class Schema {
  /** The number of the last migration. */
  static final int VERSION = 15;

  private Schema() {}

  /**
   * Promises that the tables are at this release's version, or at a later one's: what a later
   * release adds leaves an earlier one at work.
   *
   * @return the version found
   * @throws SchemaOutdatedException when migrations have to run first
   */
  public static long require(Scope db) {
    long found = version(db);
    if (found < VERSION) {
      throw new SchemaOutdatedException(
          ("The schema is at version %d, and this release needs %d: run rag-processor migrate"
                  + " --index (database.migrate is never, so nothing was changed)")
              .formatted(found, VERSION));
    }
    return found;
  }

  private static long version(Scope db) {
    boolean migrated =
        db.get("SELECT to_regclass('flyway_schema_history') IS NOT NULL AS migrated")
            .map(row -> Columns.truth(row, "migrated"))
            .orElseThrow();
    return migrated
        ? db.get(
                """
                SELECT coalesce(max(CAST(version AS integer)), 0) AS version
                  FROM flyway_schema_history WHERE success AND version ~ '^[0-9]+$'
                """)
            .map(row -> Columns.integer(row, "version"))
            .orElseThrow()
        : 0;
  }
}
