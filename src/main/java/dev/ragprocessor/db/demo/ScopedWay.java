package dev.ragprocessor.db.demo;

import dev.ragprocessor.db.ConnectionPoolExhaustedException;
import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.PoolSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The same client in scopes: the same mistakes, and leaving the block mends them. */
final class ScopedWay implements Way {
  private final Database database;

  ScopedWay(DatabaseEndpoint endpoint, int size) {
    database =
        Database.open(
            DatabaseSettings.of(endpoint)
                .applicationName("leak-demo")
                .pool(PoolSettings.DEFAULT.size(size)),
            new SimpleMeterRegistry());
  }

  @Override
  public String event(Mistake mistake) throws PoolDiedException {
    try {
      switch (mistake) {
        case STREAM_LEFT_UNREAD ->
            database.execute(
                "demo.stream", db -> db.query("SELECT generate_series(1, 100)").isParallel());
        // Not ending it is not possible: the block's end is the transaction's.
        case TRANSACTION_NEVER_ENDED ->
            database.inTransaction("demo.transaction", db -> db.get("SELECT 1").isPresent());
      }
      return "done, and given back";
    } catch (ConnectionPoolExhaustedException failure) {
      throw new PoolDiedException(String.valueOf(failure.getMessage()), failure);
    }
  }

  @Override
  public int active() {
    return database.state().active();
  }

  @Override
  public int idle() {
    return database.state().idle();
  }

  @Override
  public void close() {
    database.close();
  }
}
