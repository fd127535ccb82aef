package dev.ragprocessor.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.store.SegmentPlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SegmentPlanTest {
  private static final SegmentPlan PLAN = new SegmentPlan(100, 20_000);

  @Test
  void what_is_useless_is_dropped_before_anything_is_built() {
    assertThat(next(state(3, List.of(), "begun", "covered"), segment(0, 400)))
        .contains(new Step.Drop("begun"));
  }

  @Test
  void the_first_gap_with_rows_gets_an_index_over_all_of_it() {
    assertThat(next(state(3, List.of(built(0, 0, 50))), segment(2, 120)))
        .contains(new Step.Build(new Segment(1, 2, 120), false, HnswOptions.QUICK));
  }

  @Test
  void nothing_is_built_over_no_rows() {
    assertThat(next(state(1, List.of()))).isEmpty();
  }

  @Test
  void no_more_gets_its_first_index_at_once_than_is_quickly_built() {
    assertThat(next(state(4, List.of()), segment(1, 900), segment(2, 700), segment(3, 100)))
        .contains(new Step.Build(new Segment(0, 2, 1_600), false, HnswOptions.QUICK));
    assertThat(
            new SegmentPlan(100, 1_000)
                .next(state(3, List.of()), false, rows(segment(1, 900), segment(2, 700))))
        .as("nor than fits its memory")
        .contains(new Step.Build(new Segment(0, 1, 900), false, HnswOptions.QUICK));
    assertThat(next(state(2, List.of()), segment(0, 90_000), segment(1, 100)))
        .as("one segment is not divided")
        .contains(new Step.Build(new Segment(0, 0, 90_000), false, HnswOptions.DEFAULT));
  }

  @Test
  void four_of_a_size_are_merged_into_the_next() {
    List<Segment> three = List.of(built(0, 1, 100), built(2, 2, 100), built(3, 3, 110));
    assertThat(next(state(4, three))).isEmpty();
    List<Segment> four = new ArrayList<>(three);
    four.add(built(4, 4, 105));
    assertThat(next(state(5, four)))
        .contains(new Step.Build(new Segment(0, 4, 415), true, HnswOptions.QUICK));
  }

  @Test
  void merges_wait_while_very_much_is_being_stored_until_there_are_very_many() {
    List<Segment> built = new ArrayList<>();
    for (int number = 0; number < 12; number++) {
      built.add(built(number, number, 100));
    }
    assertThat(PLAN.next(state(12, built), true, rows())).isEmpty();
    assertThat(PLAN.next(state(13, built), true, rows(segment(12, 100))))
        .as("what has no index gets one")
        .contains(new Step.Build(new Segment(12, 12, 100), false, HnswOptions.QUICK));
    built.add(built(12, 12, 100));
    assertThat(PLAN.next(state(13, built), true, rows())).isPresent();
  }

  @Test
  void four_of_the_next_size_are_merged_at_once_with_what_is_newer() {
    List<Segment> built =
        List.of(
            built(0, 3, 400),
            built(4, 7, 400),
            built(8, 11, 400),
            built(12, 12, 100),
            built(13, 13, 100),
            built(14, 14, 100),
            built(15, 15, 100));
    assertThat(next(state(16, built)))
        .contains(new Step.Build(new Segment(0, 15, 1_600), true, HnswOptions.QUICK));
  }

  @Test
  void those_that_deletes_have_emptied_are_merged_as_long_as_they_are_no_more_than_a_full_one() {
    List<Segment> built =
        List.of(
            built(0, 1, 150), built(2, 2, 60), built(3, 3, 0), built(4, 4, 40), built(5, 5, 30));
    assertThat(next(state(6, built)))
        .contains(new Step.Build(new Segment(2, 4, 100), true, HnswOptions.QUICK));
    assertThat(next(state(3, List.of(built(0, 1, 150), built(2, 2, 0)))))
        .as("one alone stays")
        .isEmpty();
  }

  @Test
  void a_large_one_is_not_built_again_for_a_few_small_ones() {
    List<Segment> built = List.of(built(0, 1, 350), built(2, 2, 100), built(3, 3, 100));
    assertThat(next(state(4, built))).isEmpty();
  }

  @Test
  void at_rest_what_makes_half_as_much_again_is_merged() {
    List<Segment> built = List.of(built(0, 3, 400), built(4, 4, 110), built(5, 5, 100));
    assertThat(next(state(6, built))).isEmpty();
    assertThat(PLAN.atRest(state(6, built)))
        .contains(new Step.Build(new Segment(0, 5, 610), true, HnswOptions.QUICK));
    assertThat(PLAN.atRest(state(5, built.subList(0, 2)))).as("for a quarter it is not").isEmpty();
  }

  @Test
  void at_rest_no_more_is_put_into_one_index_than_fits_its_memory() {
    List<Segment> built = List.of(built(0, 0, 15_000), built(1, 1, 6_000), built(2, 2, 4_000));
    assertThat(PLAN.atRest(state(3, built)))
        .contains(new Step.Build(new Segment(1, 2, 10_000), true, HnswOptions.DEFAULT));
  }

  @Test
  void the_open_segment_grows_with_a_large_table() {
    assertThat(
            PLAN.full(
                new SegmentIndexes.State(1, 0, 5_000, Optional.empty(), List.of(), List.of())))
        .isEqualTo(100);
    assertThat(
            PLAN.full(
                new SegmentIndexes.State(1, 0, 5_000_000, Optional.empty(), List.of(), List.of())))
        .isEqualTo(5_000);
  }

  @Property(tries = 300)
  void whatever_comes_ends_with_few_indexes_that_cover_everything_once(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 1, max = 400) Integer> sealed) {
    List<Segment> built = new ArrayList<>();
    long written = 0;
    for (int open = 1; open <= sealed.size(); open++) {
      List<Segment> rows = new ArrayList<>();
      for (int number = 0; number < open; number++) {
        rows.add(segment(number, sealed.get(number)));
      }
      Optional<Step> step = step(open, built, rows);
      while (step.isPresent()) {
        written += done(step.get(), built);
        step = step(open, built, rows);
      }
    }
    long all = sealed.stream().mapToLong(rows -> rows).sum();
    assertThat(state(sealed.size(), built).gaps()).isEmpty();
    assertThat(built.stream().mapToLong(Segment::rows).sum()).isEqualTo(all);
    // 100, 400, 1,600 and 6,400 rows: at most some of each, and of the largest as many as needed.
    assertThat(built).hasSizeLessThanOrEqualTo((int) (all / 6_400) + 4 * 8);
    assertThat(written).as("each row, once a size").isLessThanOrEqualTo(5 * all);
  }

  @Property(tries = 100)
  void with_rest_after_each_segment_no_row_is_built_more_often_than_its_segment_grows_by_half(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 100, max = 200) Integer> sealed) {
    List<Segment> built = new ArrayList<>();
    long written = 0;
    for (int open = 1; open <= sealed.size(); open++) {
      built.add(segment(open - 1, sealed.get(open - 1)));
      Optional<Step> step = PLAN.atRest(state(open, built));
      while (step.isPresent()) {
        written += done(step.get(), built);
        step = PLAN.atRest(state(open, built));
      }
    }
    long all = sealed.stream().mapToLong(rows -> rows).sum();
    assertThat(built.stream().mapToLong(Segment::rows).sum()).isEqualTo(all);
    // From 100 to 20,000 rows, that is 1.5 to the power of 13.
    assertThat(written).isLessThanOrEqualTo(14 * all);
    assertThat(built).hasSizeLessThanOrEqualTo((int) (all / 10_000) + 8);
  }

  /** Does a step, and promises how many rows were built. */
  private static long done(Step step, List<Segment> built) {
    Segment segment = ((Step.Build) step).segment();
    built.removeIf(segment::covers);
    built.add(segment);
    built.sort((a, b) -> Long.compare(a.first(), b.first()));
    return segment.rows();
  }

  private static Optional<Step> step(int open, List<Segment> built, List<Segment> rows) {
    return next(state(open, built), rows.toArray(Segment[]::new));
  }

  private static Optional<Step> next(SegmentIndexes.State state, Segment... rows) {
    return PLAN.next(state, false, rows(rows));
  }

  private static Function<Segment, List<Segment>> rows(Segment... rows) {
    return gap -> List.of(rows).stream().filter(each -> gap.covers(each)).toList();
  }

  private static SegmentIndexes.State state(long open, List<Segment> built, String... useless) {
    return new SegmentIndexes.State(open, 0, 0, Optional.empty(), built, List.of(useless));
  }

  private static Segment segment(long number, long rows) {
    return new Segment(number, number, rows);
  }

  private static Segment built(long first, long last, long rows) {
    return new Segment(first, last, rows);
  }
}
