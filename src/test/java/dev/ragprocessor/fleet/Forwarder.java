package dev.ragprocessor.fleet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Delivers changes as GKE's forwarder does: to one endpoint after another, over connections that it
 * keeps, a bounded number at once, and again with a growing delay until the answer is 2xx. Nobody
 * is asked what the answer means but the status.
 */
final class Forwarder implements AutoCloseable {
  private static final int CONCURRENCY = 16;
  private static final int OUTSTANDING = 64;
  private static final Duration FIRST_DELAY = Duration.ofMillis(100);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);

  private final Supplier<List<URI>> endpoints;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore sending = new Semaphore(CONCURRENCY);
  private final Semaphore outstanding = new Semaphore(OUTSTANDING);
  private final AtomicInteger turn = new AtomicInteger();
  private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();
  private final Queue<String> unanswered = new ConcurrentLinkedQueue<>();

  /**
   * @param endpoints who is ready, asked before every delivery
   */
  Forwarder(Supplier<List<URI>> endpoints) {
    this.endpoints = endpoints;
  }

  /** Takes a change over, as soon as fewer than 64 wait for their acknowledgement. */
  void publish(Change change) throws InterruptedException {
    outstanding.acquire();
    threads.execute(() -> deliver(change, FIRST_DELAY));
  }

  /** Promises whether everything published is acknowledged, within so long. */
  boolean acknowledged(Duration longest) throws InterruptedException {
    if (!outstanding.tryAcquire(OUTSTANDING, longest.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    outstanding.release(OUTSTANDING);
    return true;
  }

  /** Promises how often each status was answered. */
  Map<Integer, Long> answers() {
    Map<Integer, Long> sums = new TreeMap<>();
    answers.forEach((status, count) -> sums.put(status, count.sum()));
    return sums;
  }

  /** Promises what became of deliveries that got no answer at all. */
  List<String> unanswered() {
    return List.copyOf(unanswered);
  }

  private void deliver(Change change, Duration delay) {
    try {
      if (acknowledges(change)) {
        outstanding.release();
      } else {
        long growing = Math.min(delay.toMillis() * 2, LONGEST_DELAY.toMillis());
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, threads)
            .execute(() -> deliver(change, Duration.ofMillis(growing)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean acknowledges(Change change) throws InterruptedException {
    sending.acquire();
    try {
      List<URI> ready = endpoints.get();
      if (ready.isEmpty()) {
        unanswered.add("nobody was ready for " + change);
        return false;
      }
      URI endpoint = ready.get(Math.floorMod(turn.getAndIncrement(), ready.size()));
      int status =
          client
              .send(change.delivery(endpoint), HttpResponse.BodyHandlers.discarding())
              .statusCode();
      answers.computeIfAbsent(status, code -> new LongAdder()).increment();
      return status == 202 || status == 204;
    } catch (IOException failure) {
      unanswered.add(change + ": " + failure);
      return false;
    } finally {
      sending.release();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.shutdownNow();
  }
}
