package dev.ragprocessor.db.cluster;

import java.nio.file.Path;

/**
 * A PostgreSQL server on this machine.
 *
 * @param bin where {@code postgres}, {@code initdb} and {@code pg_ctl} are
 * @param major for example 17
 * @param vectorVersion of the extension {@code vector} beside it, empty when there is none
 */
record LocalPostgres(Path bin, int major, String vectorVersion) {
  /** The oldest version that the schema is tested with. */
  static final int OLDEST = 15;

  /** Whether it has pgvector. */
  boolean hasVector() {
    return !vectorVersion.isEmpty();
  }

  @Override
  public String toString() {
    return "PostgreSQL %d with %s (%s)"
        .formatted(major, hasVector() ? "pgvector " + vectorVersion : "no pgvector", bin);
  }
}
