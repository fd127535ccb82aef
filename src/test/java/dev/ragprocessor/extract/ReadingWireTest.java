package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.extract.Extracted.Media.Category;
import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What a child says is understood, and what it could never say is refused. */
class ReadingWireTest {
  private static final int MUCH = 10_000_000;

  @Property(tries = 50)
  void passages_arrive_as_they_left(@ForAll("documents") List<Passage> passages) throws Exception {
    Extracted.Text text = new Extracted.Text(FileKind.MAIL, "message/rfc822", "Brötchen", passages);

    assertThat(ReadingWire.readAnswer(in(bytes(new ReadingWire.Answer.Read(text))), MUCH))
        .isEqualTo(new ReadingWire.Answer.Read(text));
  }

  @Test
  void every_other_answer_arrives_as_it_left() throws Exception {
    for (ReadingWire.Answer answer :
        List.of(
            new ReadingWire.Answer.Read(new Extracted.Media("image/png", Category.IMAGES)),
            new ReadingWire.Answer.Failed(Reason.ENCRYPTED, "It is encrypted."),
            new ReadingWire.Answer.Broke("no disk"))) {
      assertThat(ReadingWire.readAnswer(in(bytes(answer)), MUCH)).isEqualTo(answer);
    }
  }

  @Test
  void a_question_arrives_as_it_left() throws Exception {
    ReadingWire.Question question =
        new ReadingWire.Question(Path.of("/spool/x"), "a/ünïcode\uD83E\uDD50.pdf", "text/csv");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    question.writeTo(new DataOutputStream(bytes));

    assertThat(ReadingWire.Question.readFrom(in(bytes.toByteArray()))).isEqualTo(question);
  }

  @Test
  void half_an_answer_is_no_answer() throws Exception {
    byte[] whole = bytes(new ReadingWire.Answer.Read(text("some words")));
    for (int length = 0; length < whole.length; length++) {
      byte[] half = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ReadingWire.readAnswer(in(half), MUCH))
          .isInstanceOfAny(EOFException.class, StreamCorruptedException.class);
    }
  }

  @Test
  void more_text_than_the_child_may_have_read_is_refused() throws Exception {
    byte[] answer = bytes(new ReadingWire.Answer.Read(text("x".repeat(50_000))));

    assertThatThrownBy(() -> ReadingWire.readAnswer(in(answer), 1_000))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessageContaining("50000 bytes");
  }

  @Test
  void noise_is_refused() {
    assertThatThrownBy(
            () -> ReadingWire.readAnswer(in("WARN: a log".getBytes(StandardCharsets.UTF_8)), MUCH))
        .isInstanceOf(StreamCorruptedException.class);
    assertThatThrownBy(
            () -> ReadingWire.readReady(in("Picked up options".getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(StreamCorruptedException.class);
  }

  @Provide
  Arbitrary<List<Passage>> documents() {
    return PassageArbitraries.documents();
  }

  private static Extracted.Text text(String words) {
    return new Extracted.Text(
        FileKind.PLAIN,
        "text/plain",
        "",
        List.of(new Passage(Passage.Kind.PARAGRAPH, words, new Place(1, "s", List.of("h"), "a"))));
  }

  private static byte[] bytes(ReadingWire.Answer answer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    answer.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
