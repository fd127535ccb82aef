package dev.ragprocessor.db.demo;

/** What is easily forgotten with Helidon's database client. */
enum Mistake {
  /** A query whose rows nobody reads: its connection waits for them. */
  STREAM_LEFT_UNREAD,
  /** A transaction that nobody ends. */
  TRANSACTION_NEVER_ENDED;

  static Mistake of(int event) {
    Mistake[] all = values();
    return all[Math.floorMod(event, all.length)];
  }
}
