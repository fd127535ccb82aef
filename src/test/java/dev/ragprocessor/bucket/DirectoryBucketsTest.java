package dev.ragprocessor.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.store.ObjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buckets that are folders, on real files. */
@Timeout(20)
class DirectoryBucketsTest {
  private static final Clock STOPPED =
      Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
  private static final long NOW = STOPPED.millis() * 1000;

  @TempDir Path temp;
  private Path root;
  private Path docs;
  private Path spool;
  private DirectoryBuckets buckets;

  @BeforeEach
  void start() throws IOException {
    root = temp.resolve("root");
    docs = Files.createDirectories(root.resolve("docs"));
    spool = temp.resolve("spool");
    buckets = open(STOPPED);
  }

  /** Whatever happened: no temporary file is left. */
  @AfterEach
  void stop() throws IOException {
    buckets.close();
    try (Stream<Path> left = Files.list(spool)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void a_file_is_an_object_named_by_its_path_below_the_bucket() throws IOException {
    write("a/b/ünï 日本.txt", "123456789");
    try (LiveObject live = fetch("a/b/ünï 日本.txt")) {
      assertThat(live.content()).hasContent("123456789");
      assertThat(live.attributes())
          .isEqualTo(
              new ObjectAttributes(
                  new ObjectId("docs", "a/b/ünï 日本.txt", NOW), 1, "", 9, "4waSgw==", false));
    }
  }

  @Test
  void the_live_file_is_served_whatever_generation_is_asked_for() throws IOException {
    write("a.txt", "live");
    for (long asked : List.of(0L, 1L, NOW, NOW + 1, Long.MAX_VALUE)) {
      try (LiveObject live = buckets.fetch(new ObjectId("docs", "a.txt", asked)).orElseThrow()) {
        assertThat(live.content()).hasContent("live");
        assertThat(live.attributes().object().generation()).isEqualTo(NOW);
      }
    }
  }

  @Test
  void generations_only_grow_and_never_are_the_files_time() throws IOException {
    Path file = write("a.txt", "1");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2050-01-01T00:00:00Z")));
    assertThat(generation("a.txt")).isEqualTo(NOW);
    assertThat(generation("a.txt")).as("unchanged").isEqualTo(NOW);

    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    assertThat(generation("a.txt")).as("changed").isEqualTo(NOW + 1);

    write("b.txt", "other");
    assertThat(generation("b.txt")).as("over all objects").isEqualTo(NOW + 2);
  }

  @Test
  void a_file_moved_over_another_of_equal_size_and_time_is_a_new_generation() throws IOException {
    FileTime time = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(write("a.txt", "one"), time);
    assertThat(generation("a.txt")).isEqualTo(NOW);
    Path other = write("b.txt", "two");
    Files.setLastModifiedTime(other, time);
    Files.move(other, docs.resolve("a.txt"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(generation("a.txt")).isEqualTo(NOW + 1);
  }

  @Test
  void generations_survive_a_restart_and_a_clock_that_went_back() throws IOException {
    write("a.txt", "1");
    write("b.txt", "1");
    assertThat(generation("a.txt")).isEqualTo(NOW);
    buckets.close();
    buckets = open(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    assertThat(generation("a.txt")).isEqualTo(NOW);
    assertThat(generation("b.txt")).isEqualTo(NOW + 1);
  }

  @Test
  void what_is_not_there_is_empty() throws IOException {
    Files.createDirectories(docs.resolve("folder"));
    write("file", "x");
    for (String name : List.of("gone.txt", "folder", "folder/gone.txt", "file/below", "x\0y")) {
      assertThat(buckets.fetch(new ObjectId("docs", name, 0))).as(name).isEmpty();
      assertThat(buckets.describe(new ObjectId("docs", name, 0))).as(name).isEmpty();
    }
    assertThat(buckets.fetch(new ObjectId("no-bucket", "a.txt", 0))).isEmpty();
    assertThat(buckets.fetch(new ObjectId("..", "a.txt", 0))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {".hidden", ".git/config", "~$a.docx", "a.pdf.part", "x/~$b.xlsx"})
  void scratch_files_are_nobodys_objects(String name) throws IOException {
    write(name, "x");
    assertThat(buckets.fetch(new ObjectId("docs", name, 0))).isEmpty();
    assertThat(buckets.list("docs", "", "").objects()).isEmpty();
  }

  @Test
  void links_below_a_bucket_are_refused() throws IOException {
    Path outside = Files.writeString(temp.resolve("outside.txt"), "secret");
    Files.createSymbolicLink(docs.resolve("link.txt"), outside);
    Files.createSymbolicLink(docs.resolve("up"), temp);
    for (String name : List.of("link.txt", "up/outside.txt")) {
      assertThatExceptionOfType(BucketException.class)
          .isThrownBy(() -> buckets.fetch(new ObjectId("docs", name, 0)))
          .withMessageContaining("gs://docs/" + name)
          .returns(BucketException.Kind.REFUSED, BucketException::kind);
    }
    assertThat(buckets.list("docs", "", "").objects()).isEmpty();
  }

  @Test
  void a_link_that_is_swapped_in_on_the_way_leads_nowhere() throws Exception {
    Path outside = Files.createDirectories(temp.resolve("outside"));
    Files.writeString(outside.resolve("a.txt"), "secret");
    Path folder = docs.resolve("in");
    AtomicBoolean ended = new AtomicBoolean();
    Thread swapper =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (!ended.get()) {
                      Files.createDirectories(folder);
                      Files.writeString(folder.resolve("a.txt"), "public");
                      Files.delete(folder.resolve("a.txt"));
                      Files.delete(folder);
                      Files.createSymbolicLink(folder, outside);
                      Files.delete(folder);
                    }
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
    try {
      for (int i = 0; i < 800; i++) {
        try {
          var live = buckets.fetch(new ObjectId("docs", "in/a.txt", 0));
          if (live.isPresent()) {
            try (LiveObject object = live.get()) {
              assertThat(Files.readString(object.content())).isIn("", "public");
            }
          }
        } catch (BucketException refused) {
          assertThat(refused.kind()).isNotEqualTo(BucketException.Kind.MISCONFIGURED);
        }
      }
    } finally {
      ended.set(true);
      swapper.join();
    }
  }

  @Test
  void a_bucket_may_be_a_link_to_a_folder() throws IOException {
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("a.txt"), "linked");
    Files.createSymbolicLink(root.resolve("linked"), elsewhere);
    Files.createSymbolicLink(root.resolve("dangling"), temp.resolve("nowhere"));
    Files.createDirectories(root.resolve(".hidden"));
    Files.writeString(root.resolve("file"), "no bucket");
    assertThat(buckets.buckets()).containsExactly("docs", "linked");
    try (LiveObject live = buckets.fetch(new ObjectId("linked", "a.txt", 0)).orElseThrow()) {
      assertThat(live.content()).hasContent("linked");
    }
  }

  @Test
  void a_file_over_the_limit_is_refused() throws IOException {
    write("big.txt", "x".repeat(1001));
    assertThatThrownBy(() -> fetch("big.txt"))
        .isInstanceOf(ObjectTooLargeException.class)
        .hasMessageContaining("1,001");
  }

  @Test
  void a_file_that_changes_while_it_is_read_is_never_served_torn() throws Exception {
    Path file = docs.resolve("busy.txt");
    Files.writeString(file, "a".repeat(900));
    AtomicBoolean ended = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (int i = 0; !ended.get(); i++) {
                      Path next = docs.resolve(".next");
                      Files.writeString(next, (i % 2 == 0 ? "b" : "cc").repeat(400));
                      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                    }
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
    long last = 0;
    try {
      for (int i = 0; i < 150; i++) {
        try (LiveObject live = fetch("busy.txt")) {
          assertThat(Files.size(live.content())).isEqualTo(live.attributes().size());
          assertThat(Files.readString(live.content())).matches("a+|b+|c+");
          assertThat(live.attributes().object().generation()).isGreaterThanOrEqualTo(last);
          last = live.attributes().object().generation();
        } catch (BucketException busy) {
          assertThat(busy.kind()).isEqualTo(BucketException.Kind.UNAVAILABLE);
        }
      }
    } finally {
      ended.set(true);
      writer.join();
    }
  }

  @Test
  void a_listing_is_complete_in_pages_and_ordered_as_cloud_storage_orders() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 1100; i++) {
      names.add("%s/%04d.txt".formatted(i % 2 == 0 ? "even" : "odd", i));
    }
    // '-' sorts before '/', '.' too; beyond the basic plane the order is that of bytes.
    names.addAll(List.of("a-b", "a.b", "a/b", "a0", "\ufffe", "\ud83d\ude00"));
    for (String name : names) {
      write(name, "");
    }
    names.sort(
        (a, b) ->
            java.util.Arrays.compareUnsigned(
                a.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                b.getBytes(java.nio.charset.StandardCharsets.UTF_8)));

    ObjectStore.Page first = buckets.list("docs", "", "");
    ObjectStore.Page second = buckets.list("docs", "", first.nextToken());
    assertThat(first.objects()).hasSize(1000);
    assertThat(second.nextToken()).isEmpty();
    List<String> listed = new ArrayList<>(names(first));
    listed.addAll(names(second));
    assertThat(listed).isEqualTo(names);

    assertThat(names(buckets.list("docs", "odd/00", ""))).hasSize(50);
    assertThat(names(buckets.list("docs", "od", "odd/1001.txt"))).hasSize(49);
    assertThat(names(buckets.list("docs", "nothing", ""))).isEmpty();
  }

  @Test
  void a_listing_of_a_bucket_that_is_not_there_is_a_misconfiguration() {
    assertThatExceptionOfType(BucketException.class)
        .isThrownBy(() -> buckets.list("no-bucket", "", ""))
        .returns(BucketException.Kind.MISCONFIGURED, BucketException::kind);
  }

  @Test
  void the_listing_the_description_and_the_content_tell_the_same_generation() throws IOException {
    write("a.txt", "1");
    ObjectAttributes listed = buckets.list("docs", "", "").objects().getFirst();
    assertThat(buckets.describe(new ObjectId("docs", "a.txt", 0))).contains(listed);
    try (LiveObject live = fetch("a.txt")) {
      assertThat(live.attributes().object()).isEqualTo(listed.object());
    }
  }

  @Test
  void a_spool_that_is_gone_is_no_reason_to_call_the_object_gone() throws IOException {
    write("a.txt", "1");
    Files.delete(spool);
    try (LiveObject small = fetch("a.txt")) {
      assertThatExceptionOfType(BucketException.class)
          .isThrownBy(small::content)
          .returns(BucketException.Kind.UNAVAILABLE, BucketException::kind);
    }
    Files.createDirectories(spool);
  }

  private DirectoryBuckets open(Clock clock) {
    DirectorySettings settings = DirectorySettings.of(root).withMaxObjectSize(1000);
    return new DirectoryBuckets(settings, new Spool(spool), clock);
  }

  private Path write(String name, String content) throws IOException {
    Path file = docs.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private LiveObject fetch(String name) {
    return buckets.fetch(new ObjectId("docs", name, 0)).orElseThrow();
  }

  private long generation(String name) {
    return buckets.describe(new ObjectId("docs", name, 0)).orElseThrow().object().generation();
  }

  private static List<String> names(ObjectStore.Page page) {
    return page.objects().stream().map(object -> object.object().name()).toList();
  }
}
