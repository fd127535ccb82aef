package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.db.PoolState;
import dev.ragprocessor.testing.TestServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL stops answering under load, without closing a connection, and goes on later. A socket
 * waits for it for 20 s, as usual: what bounds an answer is the door.
 */
class PostgresFreezeIT {
  private static final int SENDERS = 24;
  private static final int FILES = 240;

  /** Well below the ten seconds after which Pub/Sub takes a delivery for lost. */
  private static final Duration BOUND = Duration.ofSeconds(8);

  /** A claim whose result could not be written comes back when its lease has run out. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "bucket.watch", "false",
          "embedder.kind", "stub",
          "database.permit-wait", "500 ms",
          "database.statement-timeout", "2 s",
          "database.lock-timeout", "1 s",
          "ingest.renew-interval", "500 ms",
          "ingest.sweep-interval", "500 ms",
          "ingest.first-retry-delay", "100 ms",
          "ingest.lease", "10 s");

  @TempDir Path directory;

  @Test
  void every_delivery_is_answered_within_its_bound_and_afterwards_everything_drains()
      throws IOException {
    try (TestServer postgres = new TestServer();
        Running running = Running.over(postgres.url(), directory, SETTINGS)) {
      for (int file = 0; file < FILES; file++) {
        running.drop(name(file), "Note %d of many.".formatted(file).getBytes(UTF_8));
      }
      try (Senders senders = new Senders(running)) {
        await(() -> senders.answers().stream().filter(Answer::isGood).count() >= 30);
        postgres.freeze();
        long frozen = System.nanoTime();
        List<Answer> refusals;
        try {
          await(() -> senders.since(frozen).size() >= 3 * SENDERS);
          refusals = senders.since(frozen);
          assertThat(running.admin("/health/live").statusCode()).isEqualTo(200);
          await(() -> running.admin("/health/ready").statusCode() == 503);
        } finally {
          postgres.thaw();
        }
        assertThat(refusals)
            .allSatisfy(
                answer -> {
                  assertThat(answer.status()).isIn(429, 503);
                  assertThat(answer.retryAfter()).isTrue();
                });
        await(() -> processed(running) == FILES);
        senders.stop();
        assertThat(senders.answers())
            .allSatisfy(answer -> assertThat(answer.took()).isLessThan(BOUND));
      }
      running.atRest();
      await(
          () -> {
            PoolState pool = running.application().database().state();
            return pool.total() == pool.size() && pool.idle() == pool.size();
          });
      assertThat(running.admin("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  private static String name(int number) {
    return "note-%d.txt".formatted(number);
  }

  private static long processed(Running running) {
    Application application = running.application();
    return application.instance().jobs(application.tenant(), 1_000).stream()
        .filter(job -> job.status().equals("processed"))
        .count();
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(condition);
  }

  private record Answer(int status, boolean retryAfter, long began, Duration took) {
    boolean isGood() {
      return status == 202 || status == 204;
    }
  }

  /** Deliver the events of all files, over and over, until closed. */
  private static final class Senders implements AutoCloseable {
    private final Running running;
    private final AtomicInteger next = new AtomicInteger();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    Senders(Running running) {
      this.running = running;
      for (int sender = 0; sender < SENDERS; sender++) {
        threads.add(Thread.startVirtualThread(this::send));
      }
    }

    private void send() {
      while (!ended) {
        String file = name(next.getAndIncrement() % FILES);
        long began = System.nanoTime();
        HttpResponse<String> answer = running.deliver(file, Map.of(), Running.object(file, 1));
        answers.add(
            new Answer(
                answer.statusCode(),
                answer.headers().firstValue("Retry-After").isPresent(),
                began,
                Duration.ofNanos(System.nanoTime() - began)));
      }
    }

    List<Answer> answers() {
      return List.copyOf(answers);
    }

    /** Promises the answers to what was sent after that moment. */
    List<Answer> since(long moment) {
      return answers.stream().filter(answer -> answer.began() - moment > 0).toList();
    }

    @Override
    public void close() {
      stop();
    }

    /** Waits until every delivery has been answered. */
    void stop() {
      ended = true;
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException interruption) {
          throw new AssertionError(interruption);
        }
      }
    }
  }
}
