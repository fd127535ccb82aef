package dev.ragprocessor;

/** The program's exit statuses, as {@code --help} tells them. */
final class Exit {
  /** Everything asked for is done. */
  static final int DONE = 0;

  /** It ran, but not everything succeeded; the output says what. */
  static final int FAILED = 1;

  /** The command line or the configuration is wrong; nothing was done. */
  static final int USAGE = 2;

  /** Something it needs is not there: the database, the bucket, the model. */
  static final int UNAVAILABLE = 3;

  /** Ended from outside: 128 and the number of SIGTERM, as a shell tells it. */
  static final int TERMINATED = 143;

  private Exit() {}
}
