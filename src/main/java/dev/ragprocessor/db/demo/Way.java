package dev.ragprocessor.db.demo;

/** A way to use connections, over a pool of its own. It belongs to one thread. */
interface Way extends AutoCloseable {
  /**
   * Promises that the event's mistake was made.
   *
   * @return what the event made of it, in a few words
   * @throws PoolDiedException when there is no connection to make it with
   */
  String event(Mistake mistake) throws PoolDiedException;

  /** Promises how many connections are lent at this moment. */
  int active();

  /** Promises how many connections are open and not lent. */
  int idle();

  /** Closes the pool. */
  @Override
  void close();
}
