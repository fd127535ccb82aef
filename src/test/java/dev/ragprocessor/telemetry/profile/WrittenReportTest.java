package dev.ragprocessor.telemetry.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever text a recording holds, in the report it is text. */
class WrittenReportTest {
  private static final String HOSTILE = "<script>alert('1')</script>\"&\u001b[2J";
  private static final String HARMLESS =
      "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;\uFFFD[2J";

  private static final Profile PROFILE =
      new Profile(
          HOSTILE,
          new Period(Instant.EPOCH, Instant.EPOCH.plusSeconds(10)),
          3,
          List.of(Finding.problem(HOSTILE), Finding.notice("quiet")),
          List.of(
              new Section(
                  HOSTILE,
                  List.of(
                      new Block.Lines(HOSTILE, HOSTILE),
                      new Block.Table(
                          List.of(HOSTILE, HOSTILE), List.of(List.of(HOSTILE, HOSTILE))),
                      new Block.Plot(
                          HOSTILE,
                          HOSTILE,
                          List.of(
                              new Curve(
                                  HOSTILE,
                                  List.of(new Curve.Point(0, 1), new Curve.Point(10, 4))))),
                      new Block.Bars(
                          HOSTILE,
                          List.of(HOSTILE),
                          List.of(new Block.Bar(HOSTILE, List.of(0.5)))))),
              new Section("Empty", List.of())));

  @Test
  void no_text_is_markup() {
    String html = new HtmlReport(PROFILE).write();
    assertThat(html).doesNotContain("<script", "alert('", "\u001b");
    // The name twice, a finding, and each text of each block once, or twice where it is drawn too.
    assertThat(html.split(java.util.regex.Pattern.quote(HARMLESS), -1)).hasSizeGreaterThan(15);
  }

  @Test
  void no_text_does_anything_to_a_terminal() {
    String text = new TextReport(PROFILE).write();
    assertThat(text).contains("\uFFFD[2J").doesNotContain("\u001b");
  }

  @Test
  void problems_are_marked_and_come_with_the_findings() {
    assertThat(new TextReport(PROFILE).write().lines())
        .containsSubsequence("Findings", " - quiet", "Empty", "Nothing was recorded.")
        .anyMatch(line -> line.startsWith(" ! <script>"));
  }

  @Test
  void peaks_stay_where_a_curve_has_more_points_than_the_plot() {
    List<Curve.Point> points = new java.util.ArrayList<>();
    for (int second = 0; second < 10_000; second++) {
      points.add(new Curve.Point(second, second == 4_321 ? 99 : 1));
    }
    Curve thinned = new Curve("one", points).thinned(100);
    assertThat(thinned.points()).hasSize(100);
    assertThat(thinned.max()).isEqualTo(99);
  }

  @Test
  void percentiles_are_values_that_were_there() {
    Samples samples = new Samples();
    for (int value = 100; value >= 1; value--) {
      samples.add(value);
    }
    assertThat(samples.percentile(50)).isEqualTo(50);
    assertThat(samples.percentile(99)).isEqualTo(99);
    assertThat(samples.max()).isEqualTo(100);
    assertThat(samples.total()).isEqualTo(5_050);
    assertThat(new Samples().percentile(99)).isZero();
  }
}
