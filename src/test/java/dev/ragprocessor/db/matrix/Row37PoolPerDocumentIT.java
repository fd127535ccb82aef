package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One pool for all documents, and none of it after closing. */
class Row37PoolPerDocumentIT {
  private static final int SIZE = 4;

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings -> settings.pool(settings.pool().size(SIZE).permitWait(Duration.ofSeconds(20))));

  @Test
  void two_hundred_documents_use_the_backends_of_one_pool() throws SQLException {
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int document = 0; document < 200; document++) {
        threads.execute(
            () -> {
              open.database().gate().inTransaction(Backends::pid);
              done.incrementAndGet();
            });
      }
    }
    assertThat(done).hasValue(200);
    assertThat(open.count("true")).isLessThanOrEqualTo(SIZE);
  }

  @Test
  void closing_twice_is_fine_and_leaves_no_backend() {
    String name = open.applicationName() + "-closed";
    Database database =
        Database.open(
            DatabaseSettings.of(open.url()).applicationName(name), new SimpleMeterRegistry());
    database.execute(Backends::pid);
    database.close();
    database.close();
    await()
        .until(
            () ->
                open.database()
                        .execute(
                            db ->
                                (Long)
                                    db.get(
                                            "SELECT count(*) FROM pg_stat_activity WHERE"
                                                + " application_name = ?",
                                            name)
                                        .orElseThrow()
                                        .column(1)
                                        .get())
                    == 0);
  }
}
