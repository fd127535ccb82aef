package dev.ragprocessor.ingest;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.bucket.BucketException;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.testing.MemoryBucket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One history: a bucket whose objects change, the events about it, and two replicas on one
 * database. After every step nothing half done may be seen, and no object may go back in time;
 * after the last, when everything was told and done, the tables equal one pass over the bucket.
 */
final class History {
  private static final String BUCKET = "library";
  private static final List<String> NAMES =
      List.of("a.txt", "b.txt", "7d1d8f5e-2b1a-4c53-9a6e-0c2f8e6b7a10/c.txt");
  private static final int ROUNDS = 30;
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final List<Replica> replicas;
  private final CountingEmbedder embedder;
  private final Connection observer;
  private final List<Content> contents;
  private final MemoryBucket bucket = new MemoryBucket();
  private final List<Told> events = new ArrayList<>();
  private final Map<String, ObjectAttributes> live = new HashMap<>();
  private final Map<Long, Content> contentOf = new HashMap<>();
  private final Map<String, Long> clocks = new HashMap<>();
  private final List<Underway> underway = new ArrayList<>();
  private final List<CountDownLatch> gates = new ArrayList<>();
  private Differences differences = Differences.NONE;
  private boolean lossy;

  /**
   * One thing that an object may contain.
   *
   * @param shown what one pass over it leaves
   */
  record Content(String text, String contentType, Shown shown) {}

  History(
      List<Replica> replicas,
      CountingEmbedder embedder,
      Connection observer,
      List<Content> contents) {
    this.replicas = replicas;
    this.embedder = embedder;
    this.observer = observer;
    this.contents = contents;
    replicas.forEach(replica -> replica.start(bucket));
  }

  /**
   * Takes the steps, of which none loses an event: what was told decides about the tombstones too.
   */
  void run(List<Step> steps) throws SQLException {
    bringToRest(steps);
    assertEqualsOnePass();
  }

  /** Takes the steps, of which some may lose events: comparing at the end makes that good. */
  void runLossy(List<Step> steps) throws SQLException {
    lossy = true;
    bringToRest(steps);
    assertShowsTheBucket();
  }

  private void bringToRest(List<Step> steps) throws SQLException {
    for (Step step : steps) {
      take(step);
      awaitRest();
      if (!step.isOnlyNews()) {
        assertNothingHalfDone(Shown.all(observer));
      }
    }
    bringToRest();
    assertNothingHalfDone(Shown.all(observer));
  }

  private void take(Step step) throws SQLException {
    switch (step) {
      case Step.Put put -> put(put);
      case Step.Delete(int object, Step.Farewell farewell) -> delete(name(object), farewell);
      case Step.Touch(int object) ->
          Optional.ofNullable(live.get(name(object)))
              .ifPresent(known -> events.add(Told.touched(events.size(), known)));
      case Step.Deliver(int event, int replica) -> {
        List<Told> open = events.stream().filter(told -> !told.isAcknowledged()).toList();
        if (!open.isEmpty()) {
          start(newest(open, event), replica);
        }
      }
      case Step.DeliverAgain again -> deliver(again);
      case Step.DeliverTogether(List<Step.DeliverAgain> deliveries) ->
          deliveries.forEach(this::deliver);
      case Step.BucketFails(Step.Trouble trouble) -> bucket.failNext(bucketFailure(trouble));
      case Step.ModelFails(Step.Trouble trouble) -> embedder.failNext(modelFailure(trouble));
      case Step.BackendDies dies ->
          replica(dies.replica()).wire().breakAt(dies.statement(), dies.cut());
      case Step.BucketHolds() -> gates.add(bucket.hold());
      case Step.ModelHolds() -> gates.add(embedder.holdNext());
      case Step.AllGoOn() -> openGates();
      case Step.LeasesRunOut() ->
          change(
              "UPDATE document_processing_jobs SET lease_until = now() - interval '1 second'"
                  + " WHERE lease_until IS NOT NULL");
      case Step.RetriesFallDue() ->
          change(
              "UPDATE document_processing_jobs SET next_attempt_at = now() - interval '1 second'"
                  + " WHERE next_attempt_at IS NOT NULL");
      case Step.Sweep(int replica) -> replica(replica).sweep();
      case Step.ProcessDies(int replica, int scope, boolean stored) ->
          replica(replica).killAt(scope, stored);
      case Step.Lose(int event) -> {
        List<Told> open = events.stream().filter(told -> !told.isAcknowledged()).toList();
        if (!open.isEmpty()) {
          newest(open, event).lose();
        }
      }
      case Step.Compare(int replica) ->
          replica(replica).compare(BUCKET).ifPresent(found -> differences = found);
      case Step.Mend(int replica) -> mend(replica);
    }
  }

  /** What was compared may be long over: whether a document's object is gone is asked now. */
  private void mend(int replica) {
    for (ObjectAttributes object : differences.missing()) {
      start(Told.finalized(events.size(), object), replica);
    }
    for (ObjectId object : differences.unlisted()) {
      if (bucket.describe(object).isEmpty()) {
        ObjectAttributes gone = ObjectAttributes.ofName(object);
        start(Told.gone(events.size(), gone, Step.Farewell.DELETED), replica);
      }
    }
    differences = Differences.NONE;
  }

  private void put(Step.Put put) {
    String name = name(put.object());
    Content content = contents.get(put.text() % contents.size());
    ObjectAttributes old = live.get(name);
    ObjectAttributes object =
        bucket.put(
            BUCKET, name, content.contentType(), content.text().getBytes(StandardCharsets.UTF_8));
    live.put(name, object);
    contentOf.put(object.object().generation(), content);
    events.add(Told.finalized(events.size(), object));
    if (old != null && put.farewell() != Step.Farewell.SILENT) {
      events.add(Told.gone(events.size(), old, put.farewell()));
    }
  }

  private void delete(String name, Step.Farewell farewell) {
    ObjectAttributes object = live.remove(name);
    if (object != null) {
      bucket.delete(object);
      events.add(Told.gone(events.size(), object, farewell));
    }
  }

  private void deliver(Step.DeliverAgain again) {
    if (!events.isEmpty()) {
      start(newest(events, again.event()), again.replica());
    }
  }

  private static Told newest(List<Told> told, int number) {
    return told.get(told.size() - 1 - number % told.size());
  }

  private void start(Told event, int replica) {
    Deliveries deliveries = replica(replica).deliveries();
    FutureTask<?> delivery = new FutureTask<>(() -> event.deliver(deliveries), true);
    underway.add(new Underway(delivery, replica(replica).isPatient()));
    Thread.startVirtualThread(delivery);
  }

  /** Waits until every event has ended or waits at a gate, so that the next step finds it there. */
  private void awaitRest() {
    underway.removeIf(
        delivery -> {
          boolean mayWait = delivery.isPatient() && !gates.isEmpty();
          return !mayWait && delivery.isAnswered();
        });
    await()
        .atMost(LONGEST)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () ->
                replicas.stream().mapToInt(Replica::atWork).sum()
                    == bucket.waiting() + embedder.waiting());
  }

  private void openGates() {
    gates.forEach(CountDownLatch::countDown);
    gates.clear();
  }

  /** A delivery that was not answered when its step ended. */
  private record Underway(Future<?> answer, boolean isPatient) {
    boolean isAnswered() {
      try {
        answer.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        return true;
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError("a delivery was not answered", e);
      }
    }
  }

  /** Everything is told until it is acknowledged, and every job is done; nothing fails any more. */
  private void bringToRest() throws SQLException {
    openGates();
    embedder.recover();
    bucket.recover();
    replicas.forEach(replica -> replica.wire().hold());
    replicas.forEach(Replica::spare);
    awaitRest();
    for (int round = 0; round < ROUNDS && !isAtRest(); round++) {
      int turn = round;
      events.stream().filter(told -> !told.isAcknowledged()).forEach(told -> start(told, turn));
      awaitRest();
      take(new Step.LeasesRunOut());
      take(new Step.RetriesFallDue());
      replica(round).sweep();
      awaitRest();
      if (lossy) {
        take(new Step.Compare(round));
        take(new Step.Mend(round + 1));
        awaitRest();
      }
    }
    assertThat(isAtRest()).as("at rest after %d rounds: %s", ROUNDS, events).isTrue();
  }

  private boolean isAtRest() throws SQLException {
    return !(lossy && differs())
        && events.stream().allMatch(Told::isAcknowledged)
        && Shown.count(
                observer,
                "SELECT count(*) FROM document_processing_jobs"
                    + " WHERE status IN ('processing', 'retry_pending')")
            == 0;
  }

  private boolean differs() {
    return !replica(0).compare(BUCKET).orElseThrow().isEmpty();
  }

  private void assertNothingHalfDone(Map<String, Shown> all) {
    all.forEach(
        (path, shown) -> {
          assertThat(shown.chunks()).as("chunks of %s", path).isEqualTo(chunks(shown));
          // Of an overwritten object, people see the old text until the new one is ready.
          assertThat(
                  shown.generation() == 0
                      || shown.generation() > shown.tombstone()
                      || shown.isFollowedAfter(shown.tombstone()))
              .as("%s is deleted, but shown: %s", path, shown)
              .isTrue();
          assertThat(shown.clock())
              .as("the newest generation known of %s", path)
              .isGreaterThanOrEqualTo(clocks.getOrDefault(path, 0L));
          clocks.put(path, shown.clock());
        });
    clocks.keySet().retainAll(all.keySet());
  }

  /** What a document of this generation must show, whatever else is going on. */
  private List<String> chunks(Shown shown) {
    Content content = contentOf.get(shown.generation());
    return content == null
        ? List.of()
        : content.shown().of(shown.owner(), shown.generation(), 0).chunks();
  }

  private void assertEqualsOnePass() throws SQLException {
    Map<String, Shown> expected = new HashMap<>();
    for (String name : NAMES) {
      String path = "gs://%s/%s".formatted(BUCKET, name);
      long end =
          events.stream()
              .filter(told -> told.path().equals(path))
              .mapToLong(Told::end)
              .max()
              .orElse(0);
      ObjectAttributes object = live.get(name);
      if (object != null) {
        String owner = new Tenants(IngestRig.TENANT).of(object.object()).toString();
        long generation = object.object().generation();
        expected.put(
            path, requireNonNull(contentOf.get(generation)).shown().of(owner, generation, end));
      } else if (end > 0) {
        expected.put(path, Shown.NOTHING.of("", 0, end));
      }
    }
    assertThat(Shown.all(observer)).isEqualTo(expected);
    assertThat(Shown.count(observer, "SELECT count(*) FROM document_chunks"))
        .as("chunks of no document")
        .isEqualTo(expected.values().stream().mapToInt(shown -> shown.chunks().size()).sum());
    assertThat(Shown.count(observer, "SELECT count(*) FROM rejected_objects")).isZero();
  }

  /** Whatever was told or not: what is live is shown, and nothing else. */
  private void assertShowsTheBucket() throws SQLException {
    Map<String, Shown> expected = new HashMap<>();
    live.forEach(
        (name, object) -> {
          String owner = new Tenants(IngestRig.TENANT).of(object.object()).toString();
          long generation = object.object().generation();
          expected.put(
              object.object().path(),
              requireNonNull(contentOf.get(generation)).shown().of(owner, generation, 0));
        });
    Map<String, Shown> shown = new HashMap<>();
    Shown.all(observer)
        .forEach(
            (path, one) -> {
              if (!one.document().isEmpty()) {
                shown.put(path, one.of(one.owner(), one.generation(), 0));
              }
            });
    assertThat(shown).isEqualTo(expected);
  }

  private void change(String sql) throws SQLException {
    try (var statement = observer.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private Replica replica(int number) {
    return replicas.get(number % replicas.size());
  }

  private static String name(int object) {
    return NAMES.get(object % NAMES.size());
  }

  private static BucketException bucketFailure(Step.Trouble trouble) {
    return switch (trouble) {
      case UNAVAILABLE ->
          new BucketException(
              BucketException.Kind.UNAVAILABLE, "the bucket is away", Duration.ZERO, null);
      case AWAY_FOR_AN_HOUR ->
          new BucketException(
              BucketException.Kind.UNAVAILABLE, "the bucket is away", Duration.ofHours(1), null);
      case MISCONFIGURED ->
          new BucketException(BucketException.Kind.MISCONFIGURED, "no access", Duration.ZERO, null);
    };
  }

  private static EmbeddingException modelFailure(Step.Trouble trouble) {
    return switch (trouble) {
      case UNAVAILABLE ->
          new EmbeddingException(
              EmbeddingException.Kind.UNAVAILABLE, "the model is away", Duration.ZERO, null);
      case AWAY_FOR_AN_HOUR ->
          new EmbeddingException(
              EmbeddingException.Kind.EXHAUSTED, "no quota", Duration.ofHours(1), null);
      case MISCONFIGURED ->
          new EmbeddingException(
              EmbeddingException.Kind.MISCONFIGURED, "no such model", Duration.ZERO, null);
    };
  }
}
