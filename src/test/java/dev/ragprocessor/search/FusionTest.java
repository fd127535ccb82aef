package dev.ragprocessor.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.PassageSearch.Hit;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FusionTest {
  @Test
  void first_in_both_rankings_is_one_and_first_in_one_of_them_a_half() {
    List<Found> found = Fusion.of(hits("a", "b"), hits("a", "c"), 10);

    assertThat(names(found)).containsExactly("a", "b", "c");
    assertThat(found.getFirst().score()).isEqualTo(1);
    assertThat(Fusion.of(hits("x"), hits("y"), 10))
        .extracting(Found::score)
        .containsExactly(0.5, 0.5);
  }

  @Test
  void a_passage_scores_by_the_sum_of_its_reciprocal_ranks() {
    List<Found> found = Fusion.of(hits("a", "b", "c"), hits("c", "d", "b"), 10);

    // 1/63 + 1/61, 1/62 + 1/63, 1/61, 1/62, each by 61/2.
    assertThat(names(found)).containsExactly("c", "b", "a", "d");
    assertThat(found.getFirst().score()).isCloseTo((61.0 / 63 + 1) / 2, within(1e-12));
    assertThat(found.getLast().score()).isCloseTo(61.0 / 62 / 2, within(1e-12));
  }

  @Test
  void a_passage_says_where_it_stands_in_each_ranking() {
    List<Found> found = Fusion.of(hits("a", "b"), hits("b"), 10);

    Found both = found.getFirst();
    assertThat(both.hit().content()).isEqualTo("b");
    assertThat(both.byText()).isEqualTo(new Found.Ranked(2, 0.98));
    assertThat(both.byMedia()).isEqualTo(new Found.Ranked(1, 0.99));
    assertThat(found.getLast().byMedia()).isNull();
  }

  @Test
  void there_are_never_more_than_were_asked_for_and_texts_come_first_among_equals() {
    assertThat(names(Fusion.of(hits("a", "b"), hits("c", "d"), 3))).containsExactly("a", "c", "b");
  }

  @Test
  void one_ranking_keeps_its_similarities() {
    assertThat(Fusion.of(hits("a", "b"))).extracting(Found::score).containsExactly(0.99, 0.98);
  }

  private static List<String> names(List<Found> found) {
    return found.stream().map(each -> each.hit().content()).toList();
  }

  private static List<Hit> hits(String... names) {
    return Arrays.stream(names).map(name -> hit(name, Arrays.asList(names).indexOf(name))).toList();
  }

  private static Hit hit(String name, int index) {
    UUID id = UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return new Hit(
        id, id, "gs://b/" + name, name, FileCategory.IMAGES, name, "{}", (99 - index) / 100.0);
  }
}
