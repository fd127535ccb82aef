package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter shown = new StringWriter();

  @Test
  void a_log_gets_a_plain_line_for_every_tenth_part() {
    run(false, 20);
    assertThat(shown.toString().lines())
        .hasSize(10)
        .startsWith("objects: 2 of 20 (10 %)")
        .endsWith("objects: 20 of 20 (100 %)")
        .noneMatch(line -> line.contains("\r"));
  }

  @Test
  void a_log_gets_a_line_for_each_of_a_few() {
    run(false, 3);
    assertThat(shown.toString().lines()).hasSize(3).endsWith("objects: 3 of 3 (100 %)");
  }

  @Test
  void a_person_gets_a_bar_that_is_full_at_the_end() {
    run(true, 20);
    assertThat(shown.toString()).contains("\r").contains("100%").contains("20/20");
  }

  private void run(boolean interactive, int count) {
    PrintWriter writer = new PrintWriter(shown, true);
    Terminal terminal = new Terminal(writer, writer, interactive, Map.of());
    try (Progress progress = Progress.of(terminal, "objects", count)) {
      for (int step = 0; step < count; step++) {
        progress.step();
      }
    }
  }
}
