package dev.ragprocessor.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Replicas and the endpoints that callers know of, as Kubernetes keeps them: readiness is asked
 * every so often, and what changed reaches the callers a little later.
 */
final class Fleet implements AutoCloseable {
  /** Between two questions, and as long again until every node has heard the answer. */
  private static final Duration PERIOD = Duration.ofMillis(200);

  /** From unready to the end of its requests: far longer than the callers need to hear of it. */
  static final Duration DRAIN_DELAY = Duration.ofSeconds(3);

  private static final int GRACE_SECONDS = 30;

  private final List<Replica> replicas = new CopyOnWriteArrayList<>();
  private final Set<URI> endpoints = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private CompletableFuture<Void> leaving = CompletableFuture.completedFuture(null);
  private final ScheduledExecutorService probes = Executors.newSingleThreadScheduledExecutor();

  private Fleet() {}

  /** Promises so many replicas that are ready and known. */
  static Fleet of(int size, Map<String, String> settings) throws IOException {
    Fleet fleet = new Fleet();
    try {
      List<Future<Replica>> starting = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        starting.add(fleet.threads.submit(() -> Replica.start(settings)));
      }
      for (Future<Replica> one : starting) {
        fleet.replicas.add(one.get());
      }
      Future<?> _ =
          fleet.probes.scheduleWithFixedDelay(
              fleet::probe, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
      await().atMost(Duration.ofSeconds(10)).until(() -> fleet.endpoints.size() == size);
      return fleet;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | RuntimeException failure) {
      fleet.close();
      throw new IOException("a replica did not start", failure);
    }
  }

  /** Promises whom the callers take for ready. */
  List<URI> endpoints() {
    return List.copyOf(endpoints);
  }

  /** Promises the processes that are up, those that start or end included. */
  List<Replica> replicas() {
    return List.copyOf(replicas);
  }

  /**
   * Promises another process that is ready, and that the oldest is on its way out in exchange. As
   * in a cluster, the next may start before that has ended; so there is one more than the surge.
   */
  void rollOldest(Map<String, String> settings) throws IOException {
    Replica fresh = Replica.start(settings);
    replicas.add(fresh);
    await().atMost(Duration.ofSeconds(10)).until(() -> endpoints.contains(fresh.address()));
    awaitLeft();
    Replica oldest = replicas.getFirst();
    leaving = CompletableFuture.runAsync(() -> end(oldest), threads);
  }

  /** Promises that nobody is on the way out any more. */
  void awaitLeft() {
    leaving.join();
  }

  private void end(Replica replica) {
    try {
      assertThat(replica.terminate(GRACE_SECONDS)).as(replica.said()).isEqualTo(128 + 15);
      assertThat(replica.said()).doesNotContain(" ERROR ");
      replicas.remove(replica);
      replica.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void probe() {
    for (Replica replica : replicas) {
      threads.execute(() -> probe(replica));
    }
    endpoints.removeIf(
        known -> replicas.stream().noneMatch(replica -> replica.address().equals(known)));
  }

  private void probe(Replica replica) {
    URI address = replica.address();
    Runnable news =
        replica.ready() ? () -> endpoints.add(address) : () -> endpoints.remove(address);
    CompletableFuture.delayedExecutor(PERIOD.toMillis(), TimeUnit.MILLISECONDS, threads)
        .execute(news);
  }

  @Override
  public void close() {
    probes.shutdownNow();
    threads.shutdownNow();
    replicas.forEach(Replica::close);
  }
}
