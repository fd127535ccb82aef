package dev.ragprocessor.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text files of so many chunks, each different. A paragraph fills what a chunk of 1,000 characters
 * has beside an overlap of 200, so that every chunk ends with its paragraph.
 */
record Documents(Path bucket) {
  private static final int PARAGRAPH = 780;
  private static final String[] WORDS =
      "soil fibre garden microbe colony harvest season culture enzyme pasture".split(" ");

  /** The object's name in the bucket; its file is made if it is missing. */
  String name(int chunks, int number) {
    String name = "c%d/%06d.txt".formatted(chunks, number);
    Path file = bucket.resolve(name);
    if (!Files.exists(file)) {
      try {
        Files.createDirectories(bucket.resolve("c" + chunks));
        Files.writeString(file, text(chunks, number));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return name;
  }

  /** The text of one chunk. */
  static String paragraph(int document, int chunk) {
    StringBuilder text = new StringBuilder(PARAGRAPH);
    for (int word = 0; text.length() < PARAGRAPH - 40; word++) {
      text.append(WORDS[(document + word) % WORDS.length])
          .append(' ')
          .append(document)
          .append('-')
          .append(chunk)
          .append('-')
          .append(word)
          .append(' ');
    }
    return text.append("end.").toString();
  }

  private static String text(int chunks, int number) {
    StringBuilder text = new StringBuilder(chunks * (PARAGRAPH + 2));
    for (int chunk = 0; chunk < chunks; chunk++) {
      text.append(paragraph(number, chunk)).append("\n\n");
    }
    return text.toString();
  }
}
