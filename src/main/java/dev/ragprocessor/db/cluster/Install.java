package dev.ragprocessor.db.cluster;

/** Whether packages may be installed on this machine. */
public enum Install {
  /** When nothing else is there, and after saying what. */
  ALLOWED,
  /** Not at all. */
  NEVER
}
