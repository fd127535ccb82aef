package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.ingest.SegmentsRig.Stored;
import dev.ragprocessor.store.IndexPrecision;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.Segment;
import dev.ragprocessor.store.SegmentIndexes;
import dev.ragprocessor.store.SegmentStatements;
import dev.ragprocessor.store.Spaces;
import dev.ragprocessor.store.TenantId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class SegmentsIT {
  private static final int WRITERS = 3;
  private static final int DOCUMENTS = 25;
  private static final int CHUNKS = 25;

  @Test
  void every_committed_chunk_is_found_while_segments_are_sealed_built_merged_and_emptied()
      throws Exception {
    try (SegmentsRig rig = new SegmentsRig(32);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      rig.seal(100);
      rig.seal(100); // of another replica
      Map<UUID, Stored> there = new ConcurrentHashMap<>();
      rig.store(new ObjectId("bucket", "first", 1), SegmentsRig.ANNA, CHUNKS)
          .forEach(chunk -> there.put(chunk.id(), chunk));
      AtomicBoolean written = new AtomicBoolean();
      AtomicInteger asked = new AtomicInteger();
      List<Future<?>> readers = new ArrayList<>();
      for (int reader = 0; reader < 2; reader++) {
        readers.add(threads.submit(() -> read(rig, there, written, asked)));
      }
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        String folder = "w" + writer + "/";
        writers.add(threads.submit(() -> write(rig, folder, there)));
      }
      try {
        join(writers);
        awaitBuilt(rig);
        for (int more = 0; more < 5; more++) { // four small ones, however it came until now
          rig.store(new ObjectId("bucket", "more" + more, 1), SegmentsRig.BEN, 100)
              .forEach(chunk -> there.put(chunk.id(), chunk));
          awaitBuilt(rig);
        }
      } finally {
        written.set(true);
      }
      join(readers);

      assertThat(asked).hasValueGreaterThan(50);
      assertThat(rig.state().built()).hasSizeBetween(1, 9);
      assertThat(rig.state().gaps()).isEmpty();
      for (Stored chunk : there.values()) {
        assertThat(rig.nearest(chunk.vector(), null, 3)).contains(chunk.id());
      }
      assertThat(rig.meters.get("rag.segments.build").tag("kind", "merge").timer().count())
          .isPositive();
    }
  }

  private static void awaitBuilt(SegmentsRig rig) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(rig.unindexed()).isLessThan(100);
              assertThat(rig.state().useless()).isEmpty();
            });
  }

  private static void write(SegmentsRig rig, String folder, Map<UUID, Stored> there) {
    for (int document = 0; document < DOCUMENTS; document++) {
      ObjectId object = new ObjectId("bucket", folder + document, 1);
      TenantId tenant = document % 2 == 0 ? SegmentsRig.ANNA : SegmentsRig.BEN;
      rig.store(object, tenant, CHUNKS).forEach(chunk -> there.put(chunk.id(), chunk));
      if (document % 5 == 4) {
        ObjectId gone = new ObjectId("bucket", folder + (document - 3), 1);
        there.values().removeIf(chunk -> chunk.object().equals(gone));
        rig.delete(gone);
      }
    }
  }

  private static void read(
      SegmentsRig rig, Map<UUID, Stored> there, AtomicBoolean written, AtomicInteger asked) {
    while (!written.get()) {
      List<Stored> all = List.copyOf(there.values());
      Stored chunk = all.get(ThreadLocalRandom.current().nextInt(all.size()));
      List<UUID> found = rig.nearest(chunk.vector(), null, 3);
      // What is being deleted is taken off the list first.
      assertThat(found.contains(chunk.id()) || !there.containsKey(chunk.id()))
          .as("%s among %s", chunk.id(), found)
          .isTrue();
      asked.incrementAndGet();
    }
  }

  private static void join(List<Future<?>> tasks) throws InterruptedException, ExecutionException {
    for (Future<?> task : tasks) {
      task.get();
    }
  }

  @Test
  void a_build_that_is_killed_is_begun_anew() throws SQLException {
    try (SegmentsRig rig = new SegmentsRig(8)) {
      rig.store(new ObjectId("bucket", "a", 1), SegmentsRig.ANNA, 150);
      try (Connection open = DriverManager.getConnection(rig.url);
          Statement statement = open.createStatement()) {
        open.setAutoCommit(false);
        statement.execute("UPDATE document_chunks SET context = 'mine' WHERE chunk_index = 0");
        rig.seal(100); // it waits for the open transaction
        String building =
            " FROM pg_stat_activity WHERE application_name = '%s' AND query LIKE 'CREATE INDEX%%hnsw%%' AND wait_event_type = 'Lock'"
                .formatted(rig.settings.applicationName());
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> !rig.rows("SELECT pid" + building).isEmpty());
        assertThat(rig.rows("SELECT pg_terminate_backend(pid)" + building)).containsExactly("t");
        assertThat(rig.state().useless()).as("an index that is not valid").hasSize(1);
        assertThat(rig.state().built()).isEmpty();
        open.commit();
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(rig.state().built()).extracting(Segment::rows).containsExactly(150L);
                assertThat(rig.state().useless()).isEmpty();
              });
    }
  }

  @Test
  void closing_ends_a_build_at_once_and_the_next_one_does_it() throws SQLException {
    try (SegmentsRig rig = new SegmentsRig(8)) {
      rig.store(new ObjectId("bucket", "a", 1), SegmentsRig.ANNA, 150);
      Sealer sealer;
      try (Connection open = DriverManager.getConnection(rig.url);
          Statement statement = open.createStatement()) {
        open.setAutoCommit(false);
        statement.execute("UPDATE document_chunks SET context = 'mine' WHERE chunk_index = 0");
        sealer = rig.seal(100);
        await().atMost(Duration.ofSeconds(20)).until(() -> !rig.state().useless().isEmpty());
        sealer.close();
        open.rollback();
      }
      assertThat(rig.state().built()).isEmpty();
      rig.seal(100);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(rig.state().built()).hasSize(1));
    }
  }

  @Test
  void a_merge_leaves_one_index_where_there_were_four() throws SQLException {
    try (SegmentsRig rig = new SegmentsRig(8)) {
      rig.seal(100);
      for (int document = 0; document < 4; document++) {
        rig.store(new ObjectId("bucket", "d" + document, 1), SegmentsRig.ANNA, 100);
        int documents = document + 1;
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(
                () ->
                    assertThat(rig.state().built().stream().mapToLong(Segment::rows).sum())
                        .isEqualTo(100L * documents));
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(rig.state().built()).extracting(Segment::rows).containsExactly(400L));
      assertThat(
              rig.rows(
                  "SELECT indexname FROM pg_indexes WHERE indexname ~ '_segment_\\d+_\\d+_hnsw$'"))
          .hasSize(1);
    }
  }

  @Test
  void what_is_left_is_merged_when_nothing_is_stored_any_more() throws SQLException {
    try (SegmentsRig rig = new SegmentsRig(8)) {
      rig.seal(100, IndexPrecision.VECTOR, Duration.ofMillis(500));
      for (int document = 0; document < 3; document++) {
        rig.store(new ObjectId("bucket", "d" + document, 1), SegmentsRig.ANNA, 100);
        int documents = document + 1;
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> rig.unindexed() == 0 && rig.state().open() > documents);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(rig.state().built()).extracting(Segment::rows).containsExactly(300L));
    }
  }

  @Test
  void a_question_looks_at_fewer_in_a_small_part_than_in_a_large_one() throws SQLException {
    try (SegmentsRig rig = new SegmentsRig(8)) {
      rig.seal(100);
      for (int rows : List.of(900, 100)) {
        rig.store(new ObjectId("bucket", "of" + rows, 1), SegmentsRig.ANNA, rows);
        await().atMost(Duration.ofSeconds(30)).until(() -> rig.unindexed() == 0);
      }
      String parts = " FROM rag_search_parts(%d, 'c', 200)".formatted(rig.space.id());
      await() // the statistics of a build
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat(rig.rows("SELECT coalesce(candidates, 0)" + parts + " ORDER BY 1"))
                      .as("200 times the root of a tenth, and of nine; and what has no index")
                      .containsExactly("0", "64", "190"));
    }
  }

  @Test
  void an_index_over_all_rows_keeps_segments_from_being_built_until_it_is_dropped()
      throws SQLException {
    try (SegmentsRig rig = new SegmentsRig(8)) {
      run(rig, rig.database.execute(db -> Spaces.indexStatements(db, rig.space)));
      List<Stored> stored = rig.store(new ObjectId("bucket", "a", 1), SegmentsRig.ANNA, 150);
      rig.seal(100);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> rig.meters.get("rag.segments.whole.index").gauge().value() == 1);
      assertThat(rig.state().built()).isEmpty();
      assertThat(rig.state().open()).isEqualTo(1);
      assertFinds(rig, stored);

      rig.database.execute(SegmentIndexes::seal);
      run(
          rig,
          rig.database.execute(
              db -> SegmentStatements.insteadOfWhole(db, rig.space, IndexPrecision.VECTOR)));
      assertThat(rig.state().whole()).isEmpty();
      assertThat(rig.state().built()).extracting(Segment::rows).containsExactly(150L);
      assertFinds(rig, stored);
    }
  }

  @ParameterizedTest
  @EnumSource
  void searches_find_what_is_in_segments_and_what_is_in_none(IndexPrecision precision)
      throws SQLException {
    try (SegmentsRig rig = new SegmentsRig(768)) {
      rig.seal(600, precision, Duration.ofHours(1)); // so that three are not merged
      List<Stored> stored = new ArrayList<>();
      for (int document = 0; document < 3; document++) { // of fewer than 2,000 all are compared
        stored.addAll(rig.store(new ObjectId("bucket", "d" + document, 1), SegmentsRig.ANNA, 700));
        int segments = document + 1;
        await().atMost(Duration.ofSeconds(30)).until(() -> rig.state().built().size() >= segments);
      }
      stored.addAll(rig.store(new ObjectId("bucket", "open", 1), SegmentsRig.ANNA, 20));
      assertThat(
              rig.rows(
                  "SELECT halved FROM rag_search_parts(%d, 'c', 200) WHERE candidates IS NOT NULL"
                      .formatted(rig.space.id())))
          .hasSize(3)
          .containsOnly(precision == IndexPrecision.HALFVEC ? "t" : "f");
      for (Stored chunk : stored.subList(stored.size() - 25, stored.size() - 15)) {
        assertThat(
                rig.rows(
                    "SELECT chunk_id FROM match_text_chunks('%s', '%s', 0.5, 3)"
                        .formatted(Arrays.toString(chunk.vector()), SegmentsRig.ANNA)))
            .containsExactly(chunk.id().toString());
        assertThat(
                rig.rows(
                    "SELECT chunk_id FROM match_text_chunks('%s', '%s', -1, 3)"
                        .formatted(Arrays.toString(chunk.vector()), SegmentsRig.BEN)))
            .isEmpty();
        assertThat(rig.nearest(chunk.vector(), SegmentsRig.ANNA, 3)).startsWith(chunk.id());
        assertThat(rig.nearest(chunk.vector(), null, 3)).startsWith(chunk.id());
      }
      await() // counters come after a while
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(
                          rig.rows(
                              "SELECT idx_scan >= 3 * 10 FROM pg_stat_user_indexes"
                                  + " WHERE indexrelname ~ '_segment_\\d+_\\d+_hnsw$'"))
                      .as("each index is asked by each search")
                      .containsExactly("t", "t", "t"));
    }
  }

  @Test
  void a_program_that_knows_nothing_of_segments_gives_its_rows_the_open_one() throws SQLException {
    try (SegmentsRig rig = new SegmentsRig(8)) {
      rig.sql("CREATE ROLE \"python_%s\" LOGIN".formatted(rig.settings.applicationName()));
      rig.sql(
          "GRANT ALL ON documents, document_chunks TO \"python_%s\""
              .formatted(rig.settings.applicationName()));
      rig.store(new ObjectId("bucket", "a", 1), SegmentsRig.ANNA, 1);
      rig.database.execute(SegmentIndexes::seal);
      rig.sql(
          """
          SET ROLE "python_%s";
          INSERT INTO document_chunks (user_id, document_id, content, chunk_index, metadata)
          SELECT user_id, id, 'theirs', 7, '{}' FROM documents
          """
              .formatted(rig.settings.applicationName()));
      assertThat(rig.rows("SELECT segment FROM document_chunks ORDER BY chunk_index"))
          .containsExactly("1", "2");
      rig.sql(
          "DROP OWNED BY \"python_%1$s\"; DROP ROLE \"python_%1$s\""
              .formatted(rig.settings.applicationName()));
    }
  }

  @Test
  void a_tenant_with_few_chunks_among_very_many_finds_them_all() throws SQLException {
    try (SegmentsRig rig = new SegmentsRig(768)) {
      rig.sql(
          "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET hnsw.max_scan_tuples = 100',"
              + " current_database()); END $$");
      rig.seal(1_000);
      rig.store(new ObjectId("bucket", "anna", 1), SegmentsRig.ANNA, 1_200);
      List<Stored> his = rig.store(new ObjectId("bucket", "ben", 1), SegmentsRig.BEN, 5);
      await().atMost(Duration.ofSeconds(30)).until(() -> !rig.state().built().isEmpty());
      assertThat(rig.nearest(rig.vector(), SegmentsRig.BEN, 10))
          .containsExactlyInAnyOrderElementsOf(his.stream().map(Stored::id).toList());
      assertThat(
              rig.rows(
                  "SELECT chunk_id FROM match_text_chunks('%s', '%s', -1, 10)"
                      .formatted(Arrays.toString(rig.vector()), SegmentsRig.BEN)))
          .containsExactlyInAnyOrderElementsOf(
              his.stream().map(Stored::id).map(UUID::toString).toList());
    }
  }

  private static void assertFinds(SegmentsRig rig, List<Stored> stored) {
    for (Stored chunk : stored.subList(0, 10)) {
      assertThat(rig.nearest(chunk.vector(), null, 1)).containsExactly(chunk.id());
    }
  }

  private static void run(SegmentsRig rig, List<String> statements) throws SQLException {
    for (String statement : statements) {
      rig.sql(statement);
    }
  }
}
