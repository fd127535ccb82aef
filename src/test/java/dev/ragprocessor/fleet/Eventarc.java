package dev.ragprocessor.fleet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
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
 * Delivers changes as Eventarc's subscription does: at least once, in no order, with a deadline of
 * ten seconds, again with a growing delay until it is acknowledged, and now and then although it
 * was. It goes to any endpoint, alive or not. Bounded in what it has under way; safe for use by
 * many threads.
 */
final class Eventarc implements AutoCloseable {
  private static final int DOUBLINGS = 4;

  private final Supplier<List<URI>> endpoints;
  private final int limit;
  private final Duration spread;
  private final Duration firstDelay;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore outstanding;
  private final Random random;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();
  private final Queue<Long> answerNanos = new ConcurrentLinkedQueue<>();
  private final Queue<String> unanswered = new ConcurrentLinkedQueue<>();

  /**
   * @param endpoints asked before every delivery
   * @param limit of changes under way
   * @param spread of the time until a change is delivered for the first time; one in four comes
   *     once more within ten times of it
   * @param firstDelay of a redelivery, at most; the longest is sixteen times as much
   */
  Eventarc(
      Supplier<List<URI>> endpoints, int limit, Duration spread, Duration firstDelay, long seed) {
    this.endpoints = endpoints;
    this.limit = limit;
    this.spread = spread;
    this.firstDelay = firstDelay;
    this.outstanding = new Semaphore(limit);
    this.random = new Random(seed);
  }

  /** Takes a change over, as soon as there is room for it. */
  void publish(Change change) throws InterruptedException {
    later(change, spread);
    if (!spread.isZero() && random.nextInt(4) == 0) {
      later(random.nextBoolean() ? change : change.again(), spread.multipliedBy(10));
    }
  }

  private void later(Change change, Duration latest) throws InterruptedException {
    outstanding.acquire();
    long delay = random.nextLong(latest.toMillis() + 1);
    after(delay, () -> deliver(change, firstDelay));
  }

  /** Promises whether everything published is acknowledged, within so long. */
  boolean settled(Duration longest) throws InterruptedException {
    if (!outstanding.tryAcquire(limit, longest.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    outstanding.release(limit);
    return true;
  }

  /** Promises how many deliveries were acknowledged. */
  int acknowledged() {
    return acknowledged.get();
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

  /** Promises the time that so many of a hundred answers did not exceed. */
  Duration answerTime(double percent) {
    List<Long> times = new ArrayList<>(answerNanos);
    Collections.sort(times);
    int rank = (int) Math.ceil(percent / 100 * times.size());
    return Duration.ofNanos(times.get(Math.max(0, rank - 1)));
  }

  private void deliver(Change change, Duration delay) {
    try {
      if (acknowledges(change)) {
        acknowledged.incrementAndGet();
        outstanding.release();
      } else {
        long most = delay.toMillis();
        long jittered = most / 2 + random.nextLong(most / 2 + 1);
        Duration growing =
            Duration.ofMillis(Math.min(most * 2, firstDelay.toMillis() << DOUBLINGS));
        after(jittered, () -> deliver(change, growing));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void after(long millis, Runnable delivery) {
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, threads).execute(delivery);
  }

  private boolean acknowledges(Change change) throws InterruptedException {
    List<URI> known = endpoints.get();
    URI endpoint = known.get(random.nextInt(known.size()));
    long begun = System.nanoTime();
    try {
      int status =
          client
              .send(change.delivery(endpoint), HttpResponse.BodyHandlers.discarding())
              .statusCode();
      answerNanos.add(System.nanoTime() - begun);
      answers.computeIfAbsent(status, code -> new LongAdder()).increment();
      return status == 202 || status == 204;
    } catch (IOException failure) {
      unanswered.add(change + ": " + failure);
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.shutdownNow();
  }
}
