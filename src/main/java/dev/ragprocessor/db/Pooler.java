package dev.ragprocessor.db;

/** What stands between this process and PostgreSQL. */
public enum Pooler {
  /** Nothing, or a proxy that passes connections one to one (the Cloud SQL Auth Proxy). */
  NONE,
  /**
   * PgBouncer or Supavisor in transaction mode: successive transactions of one connection run on
   * different backends, so nothing may be kept in the session. Prepared statements of the server
   * are not used, and timeouts come from the role's own settings instead of startup options, which
   * such poolers refuse.
   */
  TRANSACTION
}
