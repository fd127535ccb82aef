package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalEmbedderTest {
  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
  private static final LocalEmbedder EMBEDDER =
      new LocalEmbedder(new EmbedderSettings.Local(2), METERS);

  private static final List<String> PASSAGES =
      List.of(
          "A diet rich in fibre changes which microbes live in the gut.",
          "The central bank raised interest rates to slow inflation.",
          "A connection pool hands out a fixed number of database connections.",
          "The telescope photographed galaxies that formed soon after the Big Bang.",
          "Knead the dough for ten minutes and let it rise overnight.");

  @AfterAll
  static void close() {
    EMBEDDER.close();
  }

  @Test
  void makes_vectors_of_its_space_and_of_length_one() {
    List<float[]> vectors = EMBEDDER.embedChunks("title", PASSAGES);
    assertThat(vectors)
        .hasSameSizeAs(PASSAGES)
        .allSatisfy(
            vector -> {
              assertThat(vector).hasSize(EMBEDDER.space().dimensions()).hasSize(384);
              assertThat(Math.sqrt(dot(vector, vector))).isCloseTo(1, within(1e-5));
            });
  }

  @Test
  void a_thread_with_a_small_stack_can_load_the_model() throws InterruptedException {
    List<float[]> vectors = Collections.synchronizedList(new ArrayList<>());
    try (LocalEmbedder embedder =
        new LocalEmbedder(new EmbedderSettings.Local(1), new SimpleMeterRegistry())) {
      Thread small =
          Thread.ofPlatform()
              .stackSize(256L << 10)
              .start(() -> vectors.add(embedder.embedQuestion("How deep is the stack?")));
      small.join();
    }
    assertThat(vectors).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "How does food affect intestinal bacteria?, 0",
    "Why do loans become more expensive?, 1",
    "What limits how many queries run at once?, 2",
    "What did the early universe look like?, 3",
    "How do I bake bread?, 4"
  })
  void finds_the_passage_that_answers_a_question(String question, int expected) {
    float[] asked = EMBEDDER.embedQuestion(question);
    List<float[]> vectors = EMBEDDER.embedChunks("", PASSAGES);
    assertThat(Collections.max(vectors, (a, b) -> Double.compare(dot(asked, a), dot(asked, b))))
        .isSameAs(vectors.get(expected));
  }

  @Test
  void gives_a_text_the_same_vector_alone_and_among_others_and_as_a_question() {
    List<float[]> together = EMBEDDER.embedChunks("one", PASSAGES);
    for (int i = 0; i < PASSAGES.size(); i++) {
      String passage = PASSAGES.get(i);
      assertThat(together.get(i))
          .isEqualTo(EMBEDDER.embedChunks("two", List.of(passage)).getFirst())
          .isEqualTo(EMBEDDER.embedQuestion(passage));
    }
  }

  @Test
  void gives_many_callers_at_once_what_each_would_get_alone() throws Exception {
    List<float[]> alone = EMBEDDER.embedChunks("", PASSAGES);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<float[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(callers.submit(() -> EMBEDDER.embedChunks("", PASSAGES)));
      }
      for (Future<List<float[]>> answer : answers) {
        assertThat(answer.get()).usingRecursiveComparison().isEqualTo(alone);
      }
    }
  }

  @Test
  void reads_a_text_longer_than_one_window_to_its_end() {
    String filler = "The weather was mild and nothing happened. ".repeat(64);
    String ending = "A connection pool hands out database connections. ".repeat(20);
    double before = truncated();

    assertThat(EMBEDDER.tokenizer().tokens(filler)).isGreaterThan(LocalEmbedder.WINDOW);
    float[] question = EMBEDDER.embedQuestion("How many database connections are there?");
    List<float[]> vectors = EMBEDDER.embedChunks("", List.of(filler, filler + ending));
    assertThat(dot(question, vectors.get(1))).isGreaterThan(dot(question, vectors.get(0)) + 0.1);
    assertThat(truncated()).isEqualTo(before);
  }

  @Test
  void counts_a_text_that_it_does_not_read_to_the_end() {
    double before = truncated();
    String eight = "word ".repeat(LocalEmbedder.WINDOW * LocalEmbedder.WINDOWS);

    float[] whole = EMBEDDER.embedChunks("", List.of(eight)).getFirst();
    assertThat(truncated()).isEqualTo(before);
    float[] cut = EMBEDDER.embedChunks("", List.of(eight + "bread")).getFirst();
    assertThat(truncated()).isEqualTo(before + 1);
    assertThat(cut).isEqualTo(whole);
  }

  @Test
  void reads_a_text_of_its_most_characters_whole_in_the_densest_script() {
    String dense = "한".repeat(EMBEDDER.maxCharacters());
    String spaced = "힣 ".repeat(EMBEDDER.maxCharacters() / 2);
    assertThat(EMBEDDER.maxCharacters()).isGreaterThanOrEqualTo(1_000);
    assertThat(EMBEDDER.tokenizer().tokens(dense)).isLessThanOrEqualTo(8 * 510);
    assertThat(EMBEDDER.tokenizer().tokens(spaced)).isLessThanOrEqualTo(8 * 510);
  }

  @Test
  void gives_a_text_without_words_a_vector_too() {
    float[] vector = EMBEDDER.embedChunks("", List.of("\u200b\u0007")).getFirst();
    assertThat(Math.sqrt(dot(vector, vector))).isCloseTo(1, within(1e-5));
  }

  @Test
  void refuses_no_chunks_and_blank_ones() {
    assertThatThrownBy(() -> EMBEDDER.embedChunks("", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EMBEDDER.embedChunks("", List.of("text", " \n")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chunk 1");
    assertThatThrownBy(() -> EMBEDDER.embedQuestion(" "))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_interrupted_caller_gets_its_flag_back_and_an_answer_that_waiting_helps() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> EMBEDDER.embedQuestion("anything"))
          .isInstanceOfSatisfying(
              EmbeddingException.class,
              e -> assertThat(e.kind()).isEqualTo(EmbeddingException.Kind.UNAVAILABLE));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void a_closed_one_says_so() {
    LocalEmbedder embedder =
        new LocalEmbedder(new EmbedderSettings.Local(1), new SimpleMeterRegistry());
    embedder.embedQuestion("loads the model");
    embedder.close();
    embedder.close();
    assertThatThrownBy(() -> embedder.embedQuestion("again"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  private static double truncated() {
    return METERS.counter("rag.embed.truncated", "model", "all-minilm-l6-v2-q").count();
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
