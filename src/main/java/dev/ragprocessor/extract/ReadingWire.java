package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Extracted.Media.Category;
import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is said between this program and a child that reads files for it. Both are the same build,
 * so nothing is versioned; but the child reads hostile files, so what it says is bounded.
 */
final class ReadingWire {
  private static final int READY = 0x52454144;
  private static final int TEXT = 1;
  private static final int MEDIA = 2;
  private static final int FAILED = 3;
  private static final int BROKE = 4;

  /** Bytes of UTF-8 for a UTF-16 unit. */
  private static final int BYTES_A_CHARACTER = 3;

  private static final int LONGEST_NAME = 1 << 20;

  private ReadingWire() {}

  /** A file to be read. */
  record Question(Path content, String objectName, String contentType) {
    void writeTo(DataOutputStream out) throws IOException {
      write(out, content.toAbsolutePath().toString());
      write(out, objectName);
      write(out, contentType);
    }

    static Question readFrom(DataInputStream in) throws IOException {
      return new Question(
          Path.of(text(in, LONGEST_NAME)), text(in, LONGEST_NAME), text(in, LONGEST_NAME));
    }
  }

  /** What became of it. */
  sealed interface Answer permits Answer.Read, Answer.Failed, Answer.Broke {
    void writeTo(DataOutputStream out) throws IOException;

    /** It was read. */
    record Read(Extracted extracted) implements Answer {
      @Override
      public void writeTo(DataOutputStream out) throws IOException {
        switch (extracted) {
          case Extracted.Text text -> writeText(out, text);
          case Extracted.Media media -> {
            out.writeByte(MEDIA);
            write(out, media.mediaType());
            write(out, media.category().name());
          }
        }
      }
    }

    /** It cannot be read. */
    record Failed(Reason reason, String sentence) implements Answer {
      @Override
      public void writeTo(DataOutputStream out) throws IOException {
        out.writeByte(FAILED);
        write(out, reason.name());
        write(out, sentence);
      }

      ExtractionException toException() {
        return new ExtractionException(reason, sentence, null);
      }
    }

    /** The reader itself failed, and the file may be without blame. */
    record Broke(String what) implements Answer {
      @Override
      public void writeTo(DataOutputStream out) throws IOException {
        out.writeByte(BROKE);
        write(out, what);
      }
    }
  }

  static void writeReady(DataOutputStream out) throws IOException {
    out.writeInt(READY);
  }

  static void readReady(DataInputStream in) throws IOException {
    require(in.readInt() == READY, "it does not say that it is ready");
  }

  /**
   * Reads an answer.
   *
   * @param maxCharacters of all its text, as the child was told
   */
  static Answer readAnswer(DataInputStream in, int maxCharacters) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case TEXT -> new Answer.Read(readText(in, maxCharacters));
      case MEDIA ->
          new Answer.Read(
              new Extracted.Media(text(in, LONGEST_NAME), constant(in, Category.class)));
      case FAILED -> new Answer.Failed(constant(in, Reason.class), text(in, LONGEST_NAME));
      case BROKE -> new Answer.Broke(text(in, LONGEST_NAME));
      default -> throw new StreamCorruptedException("an answer of kind " + kind);
    };
  }

  private static void writeText(DataOutputStream out, Extracted.Text text) throws IOException {
    out.writeByte(TEXT);
    write(out, text.kind().name());
    write(out, text.mediaType());
    write(out, text.title());
    out.writeInt(text.passages().size());
    Place place = Place.START;
    for (Passage passage : text.passages()) {
      write(out, passage.kind().name());
      write(out, passage.text());
      // Neighbours most often share their place.
      out.writeBoolean(passage.place().equals(place));
      if (!passage.place().equals(place)) {
        place = passage.place();
        writePlace(out, place);
      }
    }
  }

  private static Extracted.Text readText(DataInputStream in, int maxCharacters) throws IOException {
    FileKind kind = constant(in, FileKind.class);
    String mediaType = text(in, LONGEST_NAME);
    String title = text(in, LONGEST_NAME);
    int count = in.readInt();
    require(count >= 0 && count <= maxCharacters, count + " passages");
    List<Passage> passages = new ArrayList<>();
    Place place = Place.START;
    // Tables have frames, and marks before what they would be mistaken for.
    long room = 4L * maxCharacters;
    for (int i = 0; i < count; i++) {
      Passage.Kind sort = constant(in, Passage.Kind.class);
      String content = text(in, (int) Math.min(Integer.MAX_VALUE, room * BYTES_A_CHARACTER));
      room -= content.length();
      place = in.readBoolean() ? place : readPlace(in);
      passages.add(new Passage(sort, content, place));
    }
    return new Extracted.Text(kind, mediaType, title, passages);
  }

  private static void writePlace(DataOutputStream out, Place place) throws IOException {
    out.writeInt(place.page());
    write(out, place.sheet());
    write(out, place.attachment());
    out.writeInt(place.headings().size());
    for (String heading : place.headings()) {
      write(out, heading);
    }
  }

  private static Place readPlace(DataInputStream in) throws IOException {
    int page = in.readInt();
    String sheet = text(in, LONGEST_NAME);
    String attachment = text(in, LONGEST_NAME);
    int count = in.readInt();
    require(page >= 0 && count >= 0 && count <= LONGEST_NAME, "no place");
    List<String> headings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      headings.add(text(in, LONGEST_NAME));
    }
    return new Place(page, sheet, headings, attachment);
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in, int maxBytes) throws IOException {
    int length = in.readInt();
    require(length >= 0 && length <= maxBytes, length + " bytes of text");
    byte[] bytes = in.readNBytes(length);
    require(bytes.length == length, "half of a text");
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static <E extends Enum<E>> E constant(DataInputStream in, Class<E> type)
      throws IOException {
    String name = text(in, LONGEST_NAME);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    throw new StreamCorruptedException(name + " is no " + type.getSimpleName());
  }

  private static void require(boolean holds, String otherwise) throws IOException {
    if (!holds) {
      throw new StreamCorruptedException("the reading process answers " + otherwise);
    }
  }
}
