package dev.ragprocessor.db.cluster;

import org.jspecify.annotations.Nullable;

/** The private cluster cannot run; the message says why, where, and what a person can do. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  ClusterException(String message) {
    this(message, null);
  }
}
