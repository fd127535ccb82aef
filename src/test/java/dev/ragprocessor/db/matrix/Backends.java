package dev.ragprocessor.db.matrix;

import dev.ragprocessor.db.Scope;

/** What a test asks a backend about itself. */
final class Backends {
  private Backends() {}

  static int pid(Scope db) {
    return (Integer) db.get("SELECT pg_backend_pid()").orElseThrow().column(1).get();
  }

  static long rows(Scope db, String table) {
    return (Long) db.get("SELECT count(*) FROM " + table).orElseThrow().column(1).get();
  }
}
