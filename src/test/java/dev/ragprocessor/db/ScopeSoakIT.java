package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbClientException;
import io.micrometer.core.instrument.FunctionCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Scopes of 2,000 virtual threads over eight connections, a fifth of them ending badly in every way
 * there is, while backends are killed twice a second: nothing may be missing afterwards. 20,000
 * scopes by default; {@code mvn verify -Psoak} makes it 200,000.
 */
class ScopeSoakIT {
  private static final int SCOPES = Integer.getInteger("soak.scopes", 20_000);
  private static final int THREADS = 2_000;
  private static final int SIZE = 8;
  private static final int NEVER_LEAVING = 8;
  private static final Duration HOLD_LIMIT = Duration.ofSeconds(2);

  /** Kills are every fifth sample: twice a second. */
  private static final Duration SAMPLE = Duration.ofMillis(100);

  private static final int SAMPLES_A_KILL = 5;
  private static final int SAMPLES_A_SECOND = 10;

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings ->
              settings.pool(
                  settings
                      .pool()
                      .size(SIZE)
                      .maxWaiters(THREADS)
                      .permitWait(Duration.ofSeconds(60))
                      .hold(HOLD_LIMIT.dividedBy(2), HOLD_LIMIT)));

  private final AtomicInteger next = new AtomicInteger();
  private final LongAdder stored = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);

  @Test
  void nothing_is_missing_after_a_storm_of_failures() throws Exception {
    open.sql("CREATE TABLE t (id int PRIMARY KEY)");
    Path file = Files.createTempFile("soak-", ".jfr");
    try (Recording recording = new Recording()) {
      double before = scopes();
      recording.enable("dev.ragprocessor.db.ConnectionScope").withThreshold(Duration.ZERO);
      recording.start();
      List<Thread> threads =
          Stream.generate(() -> Thread.startVirtualThread(this::run)).limit(THREADS).toList();
      watch(threads);
      await()
          .atMost(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(20))
          .untilAsserted(() -> assertThat(open.count("true")).isLessThanOrEqualTo(SIZE));
      end.countDown();
      PoolState state = open.database().state();
      assertThat(state.active()).isZero();
      assertThat(state.freePermits()).isEqualTo(SIZE);
      assertThat(unexpected).isEmpty();
      double counted = scopes() - before;
      recording.stop();
      recording.dump(file);
      assertThat(recorded(file)).as("recorded scopes").isEqualTo((long) counted);
      assertThat(counted).isGreaterThanOrEqualTo(SCOPES);
      assertThat(failed.sum()).isGreaterThan(SCOPES / 10);
      long rows = rows();
      assertThat(rows).isBetween(stored.sum(), stored.sum() + unknown.sum());
    } finally {
      Files.delete(file);
    }
  }

  private void run() {
    for (int number = next.getAndIncrement(); number < SCOPES; number = next.getAndIncrement()) {
      try {
        scope(number);
      } catch (DatabaseException | DbClientException typed) {
        failed.increment();
      } catch (IOException
          | IllegalStateException
          | UnsupportedOperationException
          | StackOverflowError
          | LinkageError thrown) {
        failed.increment();
        if (number % 5 != 0) {
          unexpected.add(thrown);
        }
      } catch (RuntimeException | Error failure) {
        unexpected.add(failure);
      }
      Thread.interrupted();
    }
  }

  private void scope(int number) throws IOException {
    if (number % 5 == 0) {
      BadEnding.of(number / 5).in(open.database());
    } else if (number % (SCOPES / NEVER_LEAVING) == 1) {
      open.database().execute("never leaving", this::stay);
    } else if (number % 5 == 1) {
      store(number);
    } else {
      open.database().execute("well", db -> db.get("SELECT 1"));
    }
  }

  private Scope stay(Scope db) {
    db.get("SELECT 1");
    try {
      assertThat(end.await(2 * HOLD_LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException interruption) {
      throw new AssertionError(interruption);
    }
    return db;
  }

  private void store(int number) {
    try {
      open.database().inTransaction("store", db -> db.insert("INSERT INTO t VALUES (?)", number));
      stored.increment();
    } catch (DatabaseException failure) {
      unknown.increment(); // the commit may have arrived
      throw failure;
    }
  }

  /** Kills, and looks ten times a second whether there are more backends than there may be. */
  private void watch(List<Thread> threads) throws SQLException, InterruptedException {
    Deque<Double> gone = new ArrayDeque<>();
    int kills = 0;
    for (int sample = 1; threads.stream().anyMatch(Thread::isAlive); sample++) {
      if (sample % SAMPLES_A_KILL == 0) {
        open.kill(
            "pid = (SELECT pid FROM pg_stat_activity WHERE application_name = '%s' ORDER BY random() LIMIT 1)"
                .formatted(open.applicationName()));
        kills++;
      }
      gone.addLast(kills + counter("db.connections.evicted") + counter("db.connections.lost"));
      if (gone.size() > SAMPLES_A_SECOND) {
        gone.removeFirst();
      }
      double lately = gone.getLast() - gone.getFirst();
      assertThat((double) open.count("true")).as("backends").isLessThanOrEqualTo(SIZE + lately);
      for (Thread thread : threads) {
        if (thread.isAlive()) {
          thread.join(SAMPLE);
          break;
        }
      }
    }
  }

  private static long rows() {
    return open.database()
        .execute(db -> (Long) db.get("SELECT count(*) FROM t").orElseThrow().column(1).get());
  }

  private static double scopes() {
    return open.meters().get("db.scopes").functionCounters().stream()
        .mapToDouble(FunctionCounter::count)
        .sum();
  }

  private static double counter(String name) {
    return open.meters().get(name).functionCounter().count();
  }

  private static long recorded(Path file) throws IOException {
    long recorded = 0;
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        if (event.getEventType().getName().equals("dev.ragprocessor.db.ConnectionScope")) {
          recorded++;
        }
      }
    }
    return recorded;
  }
}
