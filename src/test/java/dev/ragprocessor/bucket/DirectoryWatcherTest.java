package dev.ragprocessor.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.store.ObjectId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the door is told of changes in real folders. */
@Timeout(30)
class DirectoryWatcherTest {
  private static final Duration SETTLE = Duration.ofMillis(60);

  @TempDir Path temp;
  private Path root;
  private Path docs;
  private RecordingDoor door;
  private DirectoryBuckets buckets;
  private DirectoryWatcher watcher;

  @BeforeEach
  void start() throws IOException {
    root = temp.resolve("root");
    docs = Files.createDirectories(root.resolve("docs"));
    door = new RecordingDoor();
    open(door.uri());
  }

  @AfterEach
  void stop() {
    watcher.close();
    buckets.close();
    door.close();
  }

  @Test
  void a_dropped_file_is_told_as_cloud_storage_tells_it() throws IOException {
    watcher.start();
    drop("in/ünï cøde.txt", "hello");
    soon()
        .untilAsserted(
            () -> assertThat(door.told()).containsExactly("finalized docs/in/ünï cøde.txt"));
    RecordingDoor.Event event = door.events().getFirst();
    assertThat(event.body().get("size").textValue()).isEqualTo("5");
    assertThat(event.generation())
        .isEqualTo(
            buckets
                .describe(new ObjectId("docs", "in/ünï cøde.txt", 0))
                .orElseThrow()
                .object()
                .generation());
  }

  @Test
  void an_overwrite_tells_the_new_generation_and_the_end_of_the_old() throws IOException {
    watcher.start();
    drop("a.txt", "1");
    soon().until(() -> door.events().size() == 1);
    drop("a.txt", "22");
    soon().until(() -> door.events().size() == 3);
    assertThat(door.told())
        .containsExactly("finalized docs/a.txt", "finalized docs/a.txt", "deleted docs/a.txt");
    List<RecordingDoor.Event> events = door.events();
    assertThat(events.get(1).generation()).isGreaterThan(events.get(0).generation());
    assertThat(events.get(2).generation()).isEqualTo(events.get(0).generation());
    assertThat(events.stream().map(RecordingDoor.Event::id)).doesNotHaveDuplicates();
  }

  @Test
  void a_removed_file_is_told_with_its_last_generation() throws IOException {
    watcher.start();
    Path file = drop("a.txt", "1");
    soon().until(() -> door.events().size() == 1);
    Files.delete(file);
    soon().until(() -> door.events().size() == 2);
    assertThat(door.told()).endsWith("deleted docs/a.txt");
    assertThat(door.events().get(1).generation()).isEqualTo(door.events().get(0).generation());
  }

  @Test
  void a_file_still_being_written_is_not_told_before_it_is_still() throws IOException {
    watcher.start();
    Path file = drop("a.txt", "0");
    for (int i = 1; i <= 20; i++) {
      Files.writeString(file, "x", StandardOpenOption.APPEND);
      int written = i;
      await().pollDelay(SETTLE.dividedBy(4)).until(() -> written > 0);
    }
    soon().until(() -> !door.events().isEmpty());
    assertThat(door.events().getFirst().body().get("size").textValue()).isEqualTo("21");
    nothingMoreThan(1);
  }

  @Test
  void scratch_files_and_links_are_not_told() throws IOException {
    watcher.start();
    drop("~$a.docx", "x");
    drop(".hidden", "x");
    drop("a.pdf.part", "x");
    drop(".git/config", "x");
    Files.createSymbolicLink(docs.resolve("link"), temp.resolve("root"));
    Files.writeString(root.resolve("file-in-the-root"), "x");
    drop("b.pdf.part", "x");
    Files.move(docs.resolve("b.pdf.part"), docs.resolve("b.pdf"));
    soon().until(() -> !door.events().isEmpty());
    nothingMoreThan(1);
    assertThat(door.told()).containsExactly("finalized docs/b.pdf");
  }

  @Test
  void new_folders_are_followed_however_deep_and_fast() throws IOException {
    watcher.start();
    Set<String> expected = new TreeSet<>();
    for (int i = 0; i < 40; i++) {
      String name = "d%d/e/f/%d.txt".formatted(i % 7, i);
      drop(name, "x");
      expected.add("finalized docs/" + name);
    }
    soon().untilAsserted(() -> assertThat(new TreeSet<>(door.told())).isEqualTo(expected));
    drop("d3/e/f/later.txt", "x");
    soon().until(() -> door.told().contains("finalized docs/d3/e/f/later.txt"));
  }

  @Test
  void a_renamed_folder_is_followed_under_its_new_name() throws IOException {
    drop("old/a.txt", "x");
    watcher.start();
    soon().until(() -> door.events().size() == 1);
    Files.createDirectories(docs.resolve("other"));
    Files.move(docs.resolve("old"), docs.resolve("other/new"));
    soon()
        .untilAsserted(
            () ->
                assertThat(door.told())
                    .contains("deleted docs/old/a.txt", "finalized docs/other/new/a.txt"));
    drop("other/new/b.txt", "x");
    soon().until(() -> door.told().contains("finalized docs/other/new/b.txt"));
    nothingMoreThan(4);
  }

  @Test
  void a_removed_folder_ends_all_its_objects() throws IOException {
    drop("in/a.txt", "x");
    drop("in/deep/b.txt", "x");
    drop("in2/c.txt", "x");
    watcher.start();
    soon().until(() -> door.events().size() == 3);
    delete(docs.resolve("in"));
    soon()
        .untilAsserted(
            () ->
                assertThat(door.told())
                    .contains("deleted docs/in/a.txt", "deleted docs/in/deep/b.txt"));
    nothingMoreThan(5);
  }

  @Test
  void buckets_come_and_go() throws IOException {
    watcher.start();
    Path late = Files.createDirectories(root.resolve("late"));
    Files.writeString(late.resolve("a.txt"), "x");
    soon().until(() -> door.told().contains("finalized late/a.txt"));

    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("b.txt"), "x");
    Files.createSymbolicLink(root.resolve("linked"), elsewhere);
    soon().until(() -> door.told().contains("finalized linked/b.txt"));
    Files.writeString(elsewhere.resolve("c.txt"), "x");
    soon().until(() -> door.told().contains("finalized linked/c.txt"));

    Files.delete(root.resolve("linked"));
    delete(late);
    soon()
        .untilAsserted(
            () ->
                assertThat(door.told())
                    .contains(
                        "deleted linked/b.txt", "deleted linked/c.txt", "deleted late/a.txt"));
    nothingMoreThan(6);
  }

  @Test
  void what_changed_while_nobody_watched_is_told_at_the_start_and_nothing_else()
      throws IOException {
    drop("same.txt", "x");
    drop("changed.txt", "x");
    drop("removed.txt", "x");
    watcher.start();
    soon().until(() -> door.events().size() == 3);
    restart(
        () -> {
          drop("changed.txt", "xx");
          Files.delete(docs.resolve("removed.txt"));
          drop("new.txt", "x");
        });
    soon().until(() -> door.events().size() == 7);
    assertThat(door.told().subList(3, 7))
        .containsExactlyInAnyOrder(
            "finalized docs/changed.txt",
            "deleted docs/changed.txt",
            "deleted docs/removed.txt",
            "finalized docs/new.txt");
    nothingMoreThan(7);
  }

  @Test
  void a_refusal_is_repeated_with_the_same_id_until_it_is_accepted() throws IOException {
    door.refuse(503);
    door.refuse(429);
    door.refuse(400);
    drop("a.txt", "x");
    watcher.start();
    soon().until(() -> door.events().size() == 1);
    assertThat(door.refused()).isEqualTo(3);
    nothingMoreThan(1);
  }

  @Test
  void retry_after_is_honoured() throws IOException {
    door.refuse(429);
    door.retryAfter("1");
    drop("a.txt", "x");
    watcher.start();
    soon().until(() -> door.refused() == 1);
    long refused = System.nanoTime();
    soon().until(() -> door.events().size() == 1);
    assertThat(Duration.ofNanos(System.nanoTime() - refused)).isGreaterThan(Duration.ofMillis(800));
  }

  @Test
  void what_the_door_never_accepted_is_told_after_a_restart_with_the_same_id() throws IOException {
    door.close();
    drop("a.txt", "x");
    watcher.start();
    soon().until(() -> !buckets.generations().untold().isEmpty());
    long generation =
        buckets.describe(new ObjectId("docs", "a.txt", 0)).orElseThrow().object().generation();
    watcher.close();
    buckets.close();
    door = new RecordingDoor();
    open(door.uri());
    watcher.start();
    soon().until(() -> door.events().size() == 1);
    assertThat(door.events().getFirst().generation()).isEqualTo(generation);
  }

  @Test
  void many_files_are_all_told_once() throws IOException {
    watcher.start();
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      drop("d%d/%d.txt".formatted(i % 10, i), "x");
      expected.add("finalized docs/d%d/%d.txt".formatted(i % 10, i));
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> door.events().size() >= expected.size());
    assertThat(door.told().stream().collect(Collectors.toSet())).isEqualTo(expected);
    nothingMoreThan(expected.size());
  }

  @Test
  void a_missed_notification_is_made_good_by_the_rescan() throws IOException {
    watcher.close();
    buckets.close();
    buckets = buckets();
    WatcherSettings often =
        new WatcherSettings(
            door.uri(),
            SETTLE,
            Duration.ofMillis(200),
            1,
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofMillis(100));
    watcher = new DirectoryWatcher(buckets, often);
    watcher.start();
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    // A link whose target appears later: nothing that is watched changes.
    Files.createSymbolicLink(root.resolve("linked"), elsewhere.resolve("target"));
    Path target = Files.createDirectories(temp.resolve("prepared"));
    Files.writeString(target.resolve("a.txt"), "x");
    Files.move(target, elsewhere.resolve("target"));
    soon().until(() -> door.told().contains("finalized linked/a.txt"));
  }

  @Test
  void closing_takes_less_than_a_second_even_with_deliveries_waiting() throws IOException {
    for (int i = 0; i < 50; i++) {
      door.refuse(503);
      drop(i + ".txt", "x");
    }
    watcher.start();
    soon().until(() -> door.refused() > 0);
    long start = System.nanoTime();
    watcher.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("bucket-"));
  }

  private void open(URI uri) {
    buckets = buckets();
    watcher =
        new DirectoryWatcher(
            buckets,
            new WatcherSettings(
                uri,
                SETTLE,
                Duration.ofMinutes(1),
                4,
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Duration.ofMillis(100)));
  }

  private DirectoryBuckets buckets() {
    return new DirectoryBuckets(DirectorySettings.of(root), new Spool(temp.resolve("spool")));
  }

  private void restart(Meanwhile meanwhile) throws IOException {
    watcher.close();
    buckets.close();
    meanwhile.run();
    open(door.uri());
    watcher.start();
  }

  private Path drop(String name, String content) throws IOException {
    Path file = docs.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : below.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(10));
  }

  /** Long enough for everything that is wrongly unsettled to settle. */
  private void nothingMoreThan(int events) {
    await()
        .pollDelay(SETTLE.multipliedBy(5))
        .atMost(Duration.ofSeconds(5))
        .until(() -> door.events().size() == events);
  }

  @FunctionalInterface
  private interface Meanwhile {
    void run() throws IOException;
  }
}
