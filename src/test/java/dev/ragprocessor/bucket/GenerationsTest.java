package dev.ragprocessor.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.bucket.Generations.Known;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of a directory's objects, over crashes and with two processes. */
class GenerationsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ObjectKey A = new ObjectKey("docs", "a.txt");
  private static final ObjectKey B = new ObjectKey("docs", "b.txt");

  @TempDir Path state;

  @Test
  void a_line_that_a_crash_cut_off_costs_nothing_else() throws IOException {
    Known first;
    try (Generations generations = at(START)) {
      first = generations.seen(A, file(1));
    }
    Path journal = state.resolve("generations.jsonl");
    Files.writeString(journal, "{\"b\":\"docs\",\"n\":\"b.t", StandardOpenOption.APPEND);
    try (Generations generations = at(START)) {
      assertThat(generations.known(A)).contains(first);
      assertThat(generations.known(B)).isEmpty();
      assertThat(generations.seen(B, file(2)).generation()).isGreaterThan(first.generation());
    }
    try (Generations generations = at(START)) {
      assertThat(generations.known(B)).isPresent();
    }
  }

  @Test
  void a_line_that_cannot_be_read_costs_nothing_else() throws IOException {
    try (Generations generations = at(START)) {
      Known _ = generations.seen(A, file(1));
    }
    Path journal = state.resolve("generations.jsonl");
    Files.writeString(journal, "rubbish\n" + Files.readString(journal));
    try (Generations generations = at(START)) {
      assertThat(generations.known(A)).isPresent();
    }
  }

  @Test
  void the_journal_stays_small_however_often_one_file_changes() throws IOException {
    Known last;
    try (Generations generations = at(START)) {
      last = generations.seen(A, file(0));
      for (int i = 1; i <= 12_000; i++) {
        last = generations.seen(A, file(i));
      }
      assertThat(lines()).isLessThan(11_000);
    }
    try (Generations generations = at(START)) {
      assertThat(generations.known(A)).contains(last);
      assertThat(lines()).isEqualTo(2);
    }
  }

  @Test
  void a_tombstone_that_was_told_is_forgotten_after_31_days_and_its_generation_is_not()
      throws IOException {
    long generation;
    try (Generations generations = at(START)) {
      generation = generations.seen(A, file(1)).generation();
      generations.gone(A);
      generations.told(A, generations.known(A).orElseThrow());
    }
    try (Generations generations = at(START.plus(Duration.ofDays(30)))) {
      assertThat(generations.known(A)).isPresent();
    }
    try (Generations generations = at(START.plus(Duration.ofDays(32)))) {
      assertThat(generations.known(A)).isEmpty();
    }
    try (Generations generations = at(Instant.EPOCH)) {
      assertThat(generations.seen(A, file(1)).generation()).isGreaterThan(generation);
    }
  }

  @Test
  void a_change_that_nobody_accepted_yet_keeps_the_end_that_is_still_to_be_told()
      throws IOException {
    try (Generations generations = at(START)) {
      Known first = generations.seen(A, file(1));
      generations.told(A, first);
      Known second = generations.seen(A, file(2));
      Known third = generations.seen(A, file(3));
      assertThat(second.previous()).isEqualTo(first.generation());
      assertThat(third.previous()).isEqualTo(first.generation());
      generations.told(A, second);
      assertThat(generations.untold()).as("told of what is not live any more").containsExactly(A);
      generations.told(A, third);
      assertThat(generations.untold()).isEmpty();
      assertThat(generations.known(A).orElseThrow().previous()).isZero();
    }
  }

  @Test
  void a_second_process_reads_what_is_there_and_writes_nothing() throws IOException {
    try (Generations writer = at(START)) {
      Known written = writer.seen(A, file(1));
      writer.sync();
      String before = Files.readString(state.resolve("generations.jsonl"));
      try (Generations reader = at(START)) {
        assertThat(reader.seen(A, file(1))).isEqualTo(written);
        assertThat(reader.seen(B, file(2)).generation()).isGreaterThan(written.generation());
      }
      assertThat(state.resolve("generations.jsonl")).hasContent(before);
      assertThat(writer.seen(B, file(2)).previous()).isZero();
    }
  }

  @Test
  void an_interrupted_caller_does_not_spoil_the_journal_for_the_others() throws IOException {
    try (Generations generations = at(START)) {
      Thread.currentThread().interrupt();
      Known _ = generations.seen(A, file(1));
      generations.sync();
      assertThat(Thread.interrupted()).isTrue();
      Known _ = generations.seen(B, file(1));
      generations.sync();
    }
    try (Generations generations = at(START)) {
      assertThat(generations.live()).containsExactly(A, B);
    }
  }

  @Test
  void what_lies_below_a_folder_is_found_and_nothing_beside_it() throws IOException {
    try (Generations generations = at(START)) {
      for (String name : new String[] {"in", "in-x", "in.txt", "in/a", "in/b/c", "in0", "im/z"}) {
        Known _ = generations.seen(new ObjectKey("docs", name), file(1));
      }
      Known _ = generations.seen(new ObjectKey("other", "in/a"), file(1));
      generations.gone(new ObjectKey("docs", "in/a"));
      assertThat(generations.live("docs", "in/")).containsExactly(new ObjectKey("docs", "in/b/c"));
    }
  }

  private Generations at(Instant time) throws IOException {
    return new Generations(state, Clock.fixed(time, ZoneOffset.UTC));
  }

  private long lines() throws IOException {
    return Files.readString(state.resolve("generations.jsonl")).lines().count();
  }

  private static FileState file(int size) {
    return new FileState(size, 0, "key");
  }
}
