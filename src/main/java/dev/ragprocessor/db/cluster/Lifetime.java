package dev.ragprocessor.db.cluster;

/** What becomes of a cluster's data when the program ends. */
public enum Lifetime {
  /** It stays for the next run, and survives a crash of the machine. */
  KEPT,
  /** It is removed, however the program ends; nothing is synced to disk. For tests. */
  SCRATCH
}
