package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file that no limit within a process can bound costs itself, and nothing else. */
@Timeout(60)
class IsolationTest extends ExtractorFixture {
  private static final long MEMORY = 64L << 20;
  private static final Extractor APART =
      new Extractor(ExtractionSettings.DEFAULT, new Isolation.ChildProcess(MEMORY));

  private static final String SCRATCH = "-Djava.io.tmpdir=";
  private static final Set<Path> DIRECTORIES = new HashSet<>();

  /** The time that the HTML parser takes for it grows with the square of its length. */
  private static final String ENDLESS = "<nobr><div>";

  @AfterAll
  static void close() {
    APART.close();
    assertThat(children()).isEmpty();
    assertThat(DIRECTORIES).isNotEmpty().noneMatch(Files::exists);
  }

  @AfterEach
  void one_child_waits_for_the_next_file_at_most() {
    Awaitility.await().untilAsserted(() -> assertThat(children().size()).isLessThanOrEqualTo(1));
    assertThat(DIRECTORIES.stream().filter(Files::exists)).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void a_child_reads_what_this_process_reads() throws Exception {
    for (String name : List.of("baking/sourdough-handbook.pdf", "shop/price-list.csv")) {
      Path file = Path.of("src", "samples", "library", name);
      assertThat(APART.extract(file, name, "")).isEqualTo(EXTRACTOR.extract(file, name, ""));
    }
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
    assertThat(APART.extract(file(png), "ünïcode\uD83E\uDD50.png", ""))
        .isEqualTo(new Extracted.Media("image/png", Extracted.Media.Category.IMAGES));
  }

  @Test
  void a_child_says_why_a_file_cannot_be_read_and_reads_the_next() throws Exception {
    ExtractionException failure = failure(APART, Documents.encryptedPdf("secret"), "a.pdf");

    assertThat(failure).hasMessage(failure(Documents.encryptedPdf("secret"), "a.pdf").getMessage());
    assertThat(failure.reason()).isEqualTo(Reason.ENCRYPTED);
    List<Long> before = children();
    reads_on();
    assertThat(children()).isEqualTo(before).hasSize(1);
  }

  @Test
  void a_file_that_wants_all_memory_costs_its_child() throws Exception {
    // Each paragraph becomes an element of a tree.
    byte[] tree = ("<html><body>" + "<p>".repeat(3_000_000)).getBytes(StandardCharsets.UTF_8);

    assertThat(failure(APART, tree, "tree.html").reason()).isEqualTo(Reason.TOO_MUCH_MEMORY);
    reads_on();
  }

  @Test
  void a_file_that_takes_for_ever_costs_its_child() throws Exception {
    try (Extractor hasty =
        new Extractor(within(Duration.ofMillis(200)), new Isolation.ChildProcess(MEMORY))) {
      hasty.warmUp();
      long began = System.nanoTime();
      assertThat(failure(hasty, ENDLESS.repeat(200_000).getBytes(StandardCharsets.UTF_8), "a.html"))
          .hasMessageContaining("longer than the limit of 200 ms")
          .extracting(ExtractionException::reason)
          .isEqualTo(Reason.TOO_SLOW);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
    }
  }

  @Test
  void without_isolation_it_costs_a_thread_but_nobody_waits_for_it() throws Exception {
    try (Extractor hasty = new Extractor(within(Duration.ofMillis(100)))) {
      hasty.warmUp();
      // Some seconds' worth: nothing can end that thread.
      byte[] slow = ENDLESS.repeat(35_000).getBytes(StandardCharsets.UTF_8);
      assertThat(failure(hasty, slow, "a.html").reason()).isEqualTo(Reason.TOO_SLOW);
    }
  }

  @Test
  void a_child_that_dies_of_a_file_costs_that_file() throws Exception {
    // SIGSEGV, as a bug in native code would end it
    assertThat(outcomeOfASignal("SEGV"))
        .isInstanceOfSatisfying(
            ExtractionException.class,
            crash -> assertThat(crash.reason()).isEqualTo(Reason.CRASHED));
  }

  @Test
  void a_child_that_is_told_to_end_is_no_fault_of_the_file() throws Exception {
    assertThat(outcomeOfASignal("TERM")).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void an_idle_child_that_died_is_replaced_unnoticed() throws Exception {
    APART.warmUp();
    for (long child : children()) {
      ProcessHandle.of(child).orElseThrow().destroyForcibly();
    }
    Awaitility.await().until(() -> children().isEmpty());
    reads_on();
  }

  @Test
  void a_child_removes_nothing_itself_but_its_parent_what_killed_ones_left() throws Exception {
    Path mine = Files.createDirectory(directory.resolve("rag-reading-1-mine"));
    Path file = Files.writeString(mine.resolve("precious"), "keep");
    ProcessBuilder child =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + mine,
            ReadingMain.class.getName());
    child.command().addAll(ReadingMain.arguments(ExtractionSettings.DEFAULT));
    child.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process started = child.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    started.getOutputStream().close();
    assertThat(started.waitFor()).isZero();
    assertThat(file).exists();
  }

  @Test
  void what_a_killed_process_left_is_removed_by_a_later_one() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    long nobody = 4_194_305; // above the most that Linux gives a process
    Path left = Files.createTempDirectory(temporary, "rag-reading-" + nobody + "-");
    Path living =
        Files.createTempDirectory(temporary, "rag-reading-" + ProcessHandle.current().pid() + "-");
    try {
      Files.writeString(left.resolve("half-a-file"), "x");
      for (Path old : List.of(left, living)) {
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
      }

      Scratch.removeLeftOvers();

      assertThat(left).doesNotExist();
      assertThat(living).exists();
    } finally {
      Files.deleteIfExists(living);
    }
  }

  @Test
  void memory_out_of_range_is_refused() {
    assertThatThrownBy(() -> new Isolation.ChildProcess(1 << 20)).hasMessageContaining("64 MiB");
  }

  private void reads_on() throws Exception {
    assertThat(APART.extract(file("still here".getBytes(StandardCharsets.UTF_8)), "a.txt", ""))
        .isInstanceOf(Extracted.Text.class);
  }

  /** What is thrown when the child gets a signal while it reads. */
  private Throwable outcomeOfASignal(String signal) throws Exception {
    APART.warmUp();
    long child = children().getFirst();
    Path endless = file(ENDLESS.repeat(200_000).getBytes(StandardCharsets.UTF_8));
    CompletableFuture<Throwable> outcome = outcome(APART, endless);
    new ProcessBuilder("kill", "-" + signal, Long.toString(child)).start().waitFor();
    return outcome.get();
  }

  private CompletableFuture<Throwable> outcome(Extractor extractor, Path file) {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                outcome.completeExceptionally(
                    new AssertionError(extractor.extract(file, "a.html", "").toString()));
              } catch (Exception thrown) {
                outcome.complete(thrown);
              }
            });
    return outcome;
  }

  private static ExtractionSettings within(Duration limit) {
    ExtractionSettings usual = ExtractionSettings.DEFAULT;
    return new ExtractionSettings(
        usual.maxCharacters(), usual.maxPages(), usual.maxDepth(), usual.maxExpansion(), limit);
  }

  /** Whose main class is the reader's; where each keeps its files is remembered. */
  private static List<Long> children() {
    List<Long> children = new ArrayList<>();
    for (ProcessHandle child : ProcessHandle.current().children().toList()) {
      List<String> arguments = List.of(child.info().arguments().orElse(new String[0]));
      if (arguments.contains(ReadingMain.class.getName())) {
        children.add(child.pid());
        arguments.stream()
            .filter(argument -> argument.startsWith(SCRATCH))
            .forEach(argument -> DIRECTORIES.add(Path.of(argument.substring(SCRATCH.length()))));
      }
    }
    return children.stream().sorted().toList();
  }
}
