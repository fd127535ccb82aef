package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ragprocessor.db.PoolState;
import dev.ragprocessor.testing.FragileWire;
import dev.ragprocessor.testing.TestDatabases;
import dev.ragprocessor.testing.Tries;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.slf4j.LoggerFactory;

/**
 * Random histories of a bucket, of its events and of everything that goes wrong on the way: 100 of
 * them, and 40 of which events are lost as well; {@code mvn verify -Psoak} makes it 1,000 each, and
 * {@code -Dhistories.seed=…} and {@code -Dlossy.histories.seed=…} repeat what was printed.
 */
class Row39HistoriesIT {
  private static final List<String> TABLES =
      List.of("documents", "object_tombstones", "rejected_objects", "job_attempts");
  private static final String CELLAR = "The boiler is in the cellar. ".repeat(30);
  private static final String ATTIC = "The trunk is in the attic. ".repeat(30);
  private static final String GARDEN = "The well is in the garden. ".repeat(30);

  private static final CountingEmbedder EMBEDDER = new CountingEmbedder();
  private static final ListAppender<ILoggingEvent> OWN_ERRORS = new ListAppender<>();
  private static List<History.Content> contents = List.of();
  private static List<Replica> replicas = List.of();
  private static Connection observer;

  @BeforeContainer
  static void open() throws SQLException, IOException {
    String url = TestDatabases.migrated();
    observer = DriverManager.getConnection(url);
    contents = contents();
    replicas =
        List.of(
            new Replica(url, Duration.ofSeconds(8), EMBEDDER),
            new Replica(url, Duration.ZERO, EMBEDDER));
    OWN_ERRORS.start();
    logger().addAppender(OWN_ERRORS);
    logger().setAdditive(false); // processes that die would fill the log
  }

  @AfterContainer
  static void close() throws SQLException {
    logger().detachAppender(OWN_ERRORS);
    logger().setAdditive(true);
    replicas.forEach(Replica::close);
    observer.close();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("dev.ragprocessor");
  }

  /** What one pass over each content leaves, in a database where nothing else ever happened. */
  private static List<History.Content> contents() throws SQLException {
    List<String> texts =
        List.of(
            "The boiler is in the cellar.",
            "The boiler is in the cellar.\n",
            "The trunk is in the attic.",
            CELLAR + "\n\n" + ATTIC + "\n\n" + GARDEN,
            CELLAR + "\n\n" + GARDEN + "\n\n" + ATTIC,
            CELLAR + "\n\n" + ATTIC,
            CELLAR + "\n\n" + CELLAR + "\n\n" + CELLAR,
            " \n ");
    String url = TestDatabases.migrated();
    List<History.Content> contents = new ArrayList<>();
    try (IngestRig rig = new IngestRig(url, draft -> {});
        Connection connection = DriverManager.getConnection(url)) {
      for (String text : texts) {
        rig.finalized(rig.put("reference.txt", text));
        rig.atRest(); // the first may take longer than any answer is waited for
        contents.add(
            new History.Content(
                text, "text/plain", Shown.all(connection).values().iterator().next()));
      }
    }
    return contents;
  }

  @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  @Tries(property = "histories", otherwise = 100)
  void after_any_history_the_database_equals_one_pass_over_the_bucket(
      @ForAll("histories") List<Step> steps) throws SQLException {
    empty();

    new History(replicas, EMBEDDER, observer, contents).run(steps);

    assertWhole();
  }

  @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  @Tries(property = "lossy.histories", otherwise = 40)
  void after_lost_events_a_comparison_and_its_repairs_make_the_database_show_the_bucket(
      @ForAll("lossyHistories") List<Step> steps) throws SQLException {
    empty();

    new History(replicas, EMBEDDER, observer, contents).runLossy(steps);

    assertWhole();
  }

  private static void empty() throws SQLException {
    try (Statement statement = observer.createStatement()) {
      for (String table : TABLES) {
        statement.execute("DELETE FROM " + table);
      }
    }
    OWN_ERRORS.list.clear();
  }

  private static void assertWhole() {
    for (Replica replica : replicas) {
      await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(5))
          .untilAsserted(() -> assertWhole(replica.database().state()));
    }
    assertThat(OWN_ERRORS.list)
        .filteredOn(event -> event.getLevel() == Level.ERROR && !isKill(event))
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEmpty();
  }

  private static boolean isKill(ILoggingEvent event) {
    return event.getThrowableProxy() != null
        && event
            .getThrowableProxy()
            .getClassName()
            .equals(MortalScopes.KilledError.class.getName());
  }

  private static void assertWhole(PoolState pool) {
    assertThat(pool.active()).as("connections not returned").isZero();
    assertThat(pool.freePermits()).as("free permits").isEqualTo(pool.size());
    assertThat(pool.waiters()).as("waiters").isZero();
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return of(Arbitraries.frequencyOf(Tuple.of(9, steps().map(List::of)), Tuple.of(1, races())));
  }

  /** The same with events that are lost, and repairs whose comparison may be long over. */
  @Provide
  Arbitrary<List<Step>> lossyHistories() {
    Arbitrary<Integer> hosts = Arbitraries.integers().between(0, 1);
    Arbitrary<Step> losses = Arbitraries.integers().between(0, 30).map(Step.Lose::new);
    Arbitrary<Step> repairs =
        Arbitraries.oneOf(hosts.map(Step.Compare::new), hosts.map(Step.Mend::new));
    return of(
        Arbitraries.frequencyOf(
            Tuple.of(9, steps().map(List::of)),
            Tuple.of(2, losses.map(List::of)),
            Tuple.of(4, repairs.map(List::of)),
            Tuple.of(1, races())));
  }

  private static Arbitrary<List<Step>> of(Arbitrary<List<Step>> parts) {
    return parts
        .list()
        .ofMinSize(3)
        .ofMaxSize(25)
        .map(all -> all.stream().flatMap(List::stream).toList());
  }

  /** What happens to one object while an event of it takes long. */
  private static Arbitrary<List<Step>> races() {
    Arbitrary<Integer> hosts = Arbitraries.integers().between(0, 1);
    Arbitrary<Step.Put> puts =
        Combinators.combine(
                Arbitraries.just(0),
                Arbitraries.integers().between(0, 7),
                Arbitraries.of(Step.Farewell.class))
            .as(Step.Put::new);
    Arbitrary<Step> changes =
        Arbitraries.oneOf(puts, Arbitraries.just(new Step.Delete(0, Step.Farewell.DELETED)));
    Arbitrary<Step> held = Arbitraries.of(new Step.ModelHolds(), new Step.BucketHolds());
    Arbitrary<Step> told =
        Combinators.combine(Arbitraries.integers().between(0, 1), hosts).as(Step.Deliver::new);
    return Combinators.combine(held, puts, told, changes, told.list().ofMinSize(1).ofMaxSize(3))
        .as(
            (hold, put, first, change, others) -> {
              List<Step> steps = new ArrayList<>(List.of(put, hold, first, change));
              steps.addAll(others);
              steps.add(new Step.AllGoOn());
              return steps;
            });
  }

  private static Arbitrary<Step> steps() {
    Arbitrary<Integer> objects = Arbitraries.integers().between(0, 2);
    Arbitrary<Integer> texts = Arbitraries.integers().between(0, 7);
    Arbitrary<Integer> events = Arbitraries.integers().between(0, 30);
    Arbitrary<Integer> hosts = Arbitraries.integers().between(0, 1);
    Arbitrary<Step.Farewell> farewells = Arbitraries.of(Step.Farewell.class);
    Arbitrary<Step.Trouble> troubles = Arbitraries.of(Step.Trouble.class);
    Arbitrary<Step.DeliverAgain> again =
        Combinators.combine(events, hosts).as(Step.DeliverAgain::new);
    return Arbitraries.frequencyOf(
        Tuple.of(7, Combinators.combine(objects, texts, farewells).as(Step.Put::new)),
        Tuple.of(2, Combinators.combine(objects, farewells).as(Step.Delete::new)),
        Tuple.of(1, objects.map(Step.Touch::new)),
        Tuple.of(8, Combinators.combine(events, hosts).as(Step.Deliver::new)),
        Tuple.of(3, again),
        Tuple.of(3, again.list().ofMinSize(2).ofMaxSize(5).map(Step.DeliverTogether::new)),
        Tuple.of(1, troubles.map(Step.BucketFails::new)),
        Tuple.of(1, troubles.map(Step.ModelFails::new)),
        Tuple.of(
            3,
            Combinators.combine(
                    hosts,
                    Arbitraries.integers().between(1, 25),
                    Arbitraries.of(FragileWire.Cut.class))
                .as(Step.BackendDies::new)),
        Tuple.of(2, Arbitraries.just(new Step.BucketHolds())),
        Tuple.of(2, Arbitraries.just(new Step.ModelHolds())),
        Tuple.of(3, Arbitraries.just(new Step.AllGoOn())),
        Tuple.of(2, Arbitraries.just(new Step.LeasesRunOut())),
        Tuple.of(2, Arbitraries.just(new Step.RetriesFallDue())),
        Tuple.of(3, hosts.map(Step.Sweep::new)),
        Tuple.of(
            2,
            Combinators.combine(
                    hosts, Arbitraries.integers().between(1, 8), Arbitraries.of(true, false))
                .as(Step.ProcessDies::new)));
  }
}
