package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.testing.HeldScopes;
import dev.ragprocessor.testing.TestDatabases;
import io.helidon.dbclient.DbClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What many want at once is done together, and everybody gets what is theirs. */
class BatcherIT {
  private static final int SIZE = 2;
  private static final int LIMIT = 8;

  /** Of one with a second leader when so many wait as are the other's limit. */
  private static final int HIGH_LIMIT = 8 * LIMIT;

  /** An item that is half of the high limit. */
  private static final int HEAVY = 1000;

  private final List<List<Integer>> statements = new CopyOnWriteArrayList<>();
  private final CountDownLatch slowly = new CountDownLatch(1);
  private Database database;

  @BeforeEach
  void open() throws SQLException {
    database =
        Database.open(
            DatabaseSettings.of(TestDatabases.create())
                .pool(PoolSettings.DEFAULT.size(SIZE).permitWait(Duration.ofSeconds(20))),
            new SimpleMeterRegistry());
  }

  @AfterEach
  void nothing_is_out() {
    PoolState state = database.state();
    database.close();
    assertThat(state.active()).isZero();
    assertThat(state.freePermits()).isEqualTo(SIZE);
    assertThat(state.waiters()).isZero();
  }

  @Test
  void with_a_free_connection_each_is_done_by_itself() {
    Batcher<Integer, Integer> reciprocals = batcher("SELECT 1000 / v");

    assertThat(reciprocals.call(10)).isEqualTo(100);
    assertThat(reciprocals.call(20)).isEqualTo(50);
    assertThat(statements).containsExactly(List.of(10), List.of(20));
  }

  @Test
  void those_who_wait_are_served_together_and_each_gets_what_is_its_own() throws Exception {
    Batcher<Integer, Integer> reciprocals = batcher("SELECT 1000 / v");

    List<Future<Integer>> answers = whileAllWait(reciprocals, IntStream.rangeClosed(1, 20));

    for (int item = 1; item <= 20; item++) {
      assertThat(answers.get(item - 1).get()).isEqualTo(1000 / item);
    }
    assertThat(statements).hasSizeBetween(3, 4).allMatch(items -> items.size() <= LIMIT);
    assertThat(statements.stream().flatMap(List::stream)).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void who_comes_while_another_is_at_work_waits_for_it_though_a_connection_is_free()
      throws Exception {
    Batcher<Integer, Integer> slow = slow(BatcherIT::patiently);
    Future<Integer> first = started(() -> slow.call(0));
    Awaitility.await().until(() -> statements.size() == 1);

    List<Future<Integer>> others = startedAll(slow, 3);
    Awaitility.await().until(() -> slow.waiting() == 3);
    assertThat(database.state().freePermits()).isEqualTo(SIZE - 1);
    slowly.countDown();

    assertThat(first.get()).isZero();
    for (int item = 1; item <= 3; item++) {
      assertThat(others.get(item - 1).get()).isEqualTo(item);
    }
    assertThat(statements).hasSize(2);
  }

  @Test
  void where_some_wait_one_of_them_leads_the_others() throws Exception {
    Batcher<Integer, Integer> slow = slow(BatcherIT::patiently);
    Future<Integer> first = started(() -> slow.call(0));
    Awaitility.await().until(() -> statements.size() == 1);

    for (Future<Integer> other : startedAll(slow, LIMIT)) {
      other.get(20, TimeUnit.SECONDS);
    }
    assertThat(first.isDone()).isFalse();
    slowly.countDown();
    assertThat(first.get()).isZero();
    assertThat(statements).hasSize(2);
  }

  @Test
  void nobody_waits_long_for_one_who_is_held_up() throws Exception {
    Batcher<Integer, Integer> slow = slow(end -> waitFor(end, 10));
    Future<Integer> first = started(() -> slow.call(0));
    Awaitility.await().until(() -> statements.size() == 1);

    assertThat(started(() -> slow.call(1)).get(20, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(first.isDone()).isFalse();
    slowly.countDown();
    assertThat(first.get()).isZero();
  }

  @Test
  void who_is_interrupted_while_another_leads_has_left_nothing_to_be_done() throws Exception {
    Batcher<Integer, Integer> slow = slow(BatcherIT::patiently);
    Future<Integer> first = started(() -> slow.call(0));
    Awaitility.await().until(() -> statements.size() == 1);
    FutureTask<Integer> waiting = new FutureTask<>(() -> slow.call(1));
    Thread caller = Thread.startVirtualThread(waiting);
    Awaitility.await().until(() -> slow.waiting() == 1);

    caller.interrupt();
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(DatabaseConnectionException.class);
    slowly.countDown();
    assertThat(first.get()).isZero();
    assertThat(slow.call(2)).isEqualTo(2);
    assertThat(statements).containsExactly(List.of(0), List.of(2));
  }

  @Test
  void a_recording_shows_who_waited_for_another(@TempDir Path directory) throws Exception {
    List<RecordedEvent> waits;
    try (Recording recording = new Recording()) {
      recording.enable("dev.ragprocessor.db.TurnWait").withoutThreshold();
      recording.start();
      Batcher<Integer, Integer> slow = slow(BatcherIT::patiently);
      Future<Integer> first = started(() -> slow.call(0));
      Awaitility.await().until(() -> statements.size() == 1);
      List<Future<Integer>> others = startedAll(slow, 2);
      Awaitility.await().until(() -> slow.waiting() == 2);
      slowly.countDown();
      first.get();
      for (Future<Integer> other : others) {
        other.get();
      }
      recording.stop();
      Path file = directory.resolve("waits.jfr");
      recording.dump(file);
      waits = RecordingFile.readAllEvents(file);
    }
    assertThat(waits)
        .filteredOn(event -> event.getEventType().getName().endsWith(".TurnWait"))
        .allSatisfy(wait -> assertThat(wait.getString("scope")).isEqualTo("slow"))
        .extracting(wait -> wait.getBoolean("done"))
        .containsExactlyInAnyOrder(false, true); // one led, and did the other's work
  }

  @Test
  void what_is_too_heavy_is_done_by_itself_and_waits_for_no_leader() throws Exception {
    Batcher<Integer, Integer> slow = slow(BatcherIT::patiently);
    Future<Integer> first = started(() -> slow.call(0));
    Awaitility.await().until(() -> statements.size() == 1);

    assertThat(started(() -> slow.call(HEAVY)).get(20, TimeUnit.SECONDS)).isEqualTo(HEAVY);
    assertThat(first.isDone()).isFalse();
    slowly.countDown();
    assertThat(first.get()).isZero();
    assertThat(statements).containsExactly(List.of(0), List.of(HEAVY));
  }

  @Test
  void a_failure_is_that_of_the_one_whose_work_fails() throws Exception {
    Batcher<Integer, Integer> reciprocals = batcher("SELECT 1000 / v");

    List<Future<Integer>> answers = whileAllWait(reciprocals, IntStream.range(0, 6));

    assertThatThrownBy(answers.getFirst()::get)
        .hasCauseInstanceOf(DbClientException.class)
        .hasStackTraceContaining("division by zero");
    for (int item = 1; item < 6; item++) {
      assertThat(answers.get(item).get()).isEqualTo(1000 / item);
    }
  }

  @Test
  void a_connection_that_is_lost_is_the_failure_of_all_who_shared_it() throws Exception {
    Batcher<Integer, Integer> fatal =
        batcher("SELECT pg_terminate_backend(pg_backend_pid())::int + v");

    for (Future<Integer> answer : whileAllWait(fatal, IntStream.range(0, 6))) {
      assertThatThrownBy(answer::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(DatabaseConnectionException.class);
    }
    assertThat(statements).hasSizeLessThan(12);
  }

  @Test
  void who_was_refused_has_left_nothing_to_be_done() {
    Batcher<Integer, Integer> impatient =
        new Batcher<>(database, "impatient", LIMIT, _ -> 1, end -> {}, work("SELECT v"));
    try (HeldScopes held = new HeldScopes(database, SIZE)) {
      assertThat(held).isNotNull();
      FutureTask<Integer> refused = new FutureTask<>(() -> impatient.call(1));
      Thread caller = Thread.startVirtualThread(refused);
      Awaitility.await().until(() -> database.state().waiters() == 1);
      caller.interrupt();
      assertThatThrownBy(refused::get).hasCauseInstanceOf(DatabaseConnectionException.class);
    }

    assertThat(impatient.call(2)).isEqualTo(2);
    assertThat(statements).containsExactly(List.of(2));
  }

  @Test
  void inside_a_scope_it_is_refused_because_it_may_wait_for_another() {
    Batcher<Integer, Integer> nested = batcher("SELECT v");

    assertThatIllegalStateException()
        .isThrownBy(() -> database.execute("outer", db -> nested.call(1)))
        .withMessageContaining("inside the scope outer");
  }

  /** Promises what comes of these items when all of them have to wait for a connection. */
  private List<Future<Integer>> whileAllWait(Batcher<Integer, Integer> batcher, IntStream items) {
    List<Future<Integer>> answers = new ArrayList<>();
    try (HeldScopes held = new HeldScopes(database, SIZE)) {
      assertThat(held).isNotNull();
      items.forEach(item -> answers.add(started(() -> batcher.call(item))));
      Awaitility.await().until(() -> batcher.waiting() == answers.size());
    }
    return answers;
  }

  private static void patiently(CompletableFuture<?> end) throws InterruptedException {
    waitFor(end, 20_000);
  }

  private static void waitFor(CompletableFuture<?> end, long millis) throws InterruptedException {
    try {
      end.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // That is how it says that it was long enough.
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Future<Integer>> startedAll(Batcher<Integer, Integer> batcher, int count) {
    List<Future<Integer>> answers = new ArrayList<>();
    for (int item = 1; item <= count; item++) {
      int value = item;
      answers.add(started(() -> batcher.call(value)));
    }
    return answers;
  }

  private static Future<Integer> started(Callable<Integer> call) {
    FutureTask<Integer> task = new FutureTask<>(call);
    Thread.startVirtualThread(task);
    return task;
  }

  private Batcher<Integer, Integer> batcher(String select) {
    return new Batcher<>(database, "together", LIMIT, _ -> 1, BatcherIT::patiently, work(select));
  }

  /** One whose work takes as long as {@link #slowly} says where 0 is part of it. */
  private Batcher<Integer, Integer> slow(Batcher.Patience patience) {
    Batcher.Together<Integer, Integer> work = work("SELECT v");
    return new Batcher<>(
        database,
        "slow",
        HIGH_LIMIT,
        item -> item == HEAVY ? HIGH_LIMIT / 2 : 1,
        patience,
        (db, items) -> {
          List<Integer> results = work.run(db, items);
          if (items.contains(0)) {
            await(slowly);
          }
          return results;
        });
  }

  private static void await(CountDownLatch end) {
    try {
      assertThat(end.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Batcher.Together<Integer, Integer> work(String select) {
    return (db, items) -> {
      statements.add(items);
      return db.query(
              "SELECT (%s) AS r FROM unnest(CAST(? AS int[])) WITH ORDINALITY AS a (v, n) ORDER BY n"
                  .formatted(select),
              (Object) items.stream().mapToInt(Integer::intValue).toArray())
          .map(row -> row.column("r").get(Integer.class))
          .toList();
    };
  }
}
