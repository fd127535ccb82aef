package dev.ragprocessor.embed;

import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Reads the words of a text as BERT's uncased models were taught to see them: control characters
 * dropped, accents stripped, letters lowered, every punctuation mark and every CJK ideograph a word
 * of its own (google-research/bert, {@code tokenization.BasicTokenizer}).
 *
 * <p>One code point is normalised at a time, so that the time is linear in the text whatever it
 * contains, and a reader that stops early has not paid for the rest. Not for many threads.
 */
final class WordReader {
  /** The model knows no longer word; what follows is dropped, the word stays too long. */
  static final int LONGEST_WORD = 100;

  private final String text;
  private final Deque<String> ready = new ArrayDeque<>();
  private final StringBuilder word = new StringBuilder();
  private int wordLength;
  private int position;

  WordReader(String text) {
    this.text = text;
  }

  /** The next word, or nothing at the end of the text. */
  Optional<String> next() {
    while (ready.isEmpty() && position < text.length()) {
      int codePoint = text.codePointAt(position);
      position += Character.charCount(codePoint);
      read(codePoint);
    }
    if (ready.isEmpty()) {
      endWord();
    }
    return Optional.ofNullable(ready.poll());
  }

  private void read(int codePoint) {
    if (codePoint < 0x80) {
      readAscii(codePoint);
    } else if (isBlank(codePoint)) {
      endWord();
    } else if (!isDropped(codePoint)) {
      boolean alone = isIdeograph(codePoint);
      if (alone) {
        endWord();
      }
      Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD)
          .codePoints()
          .filter(part -> Character.getType(part) != Character.NON_SPACING_MARK)
          .forEach(this::append);
      if (alone) {
        endWord();
      }
    }
  }

  private void readAscii(int character) {
    if (character == ' ' || character == '\t' || character == '\n' || character == '\r') {
      endWord();
    } else if (character > ' ' && character != 0x7f) {
      append(character);
    }
  }

  private void append(int codePoint) {
    if (isPunctuation(codePoint)) {
      endWord();
      ready.add(Character.toString(codePoint));
    } else if (wordLength <= LONGEST_WORD) {
      // By code point: the model was taught without the final sigma of String.toLowerCase.
      word.appendCodePoint(Character.toLowerCase(codePoint));
      wordLength++;
    }
  }

  private void endWord() {
    if (wordLength > 0) {
      ready.add(word.toString());
      word.setLength(0);
      wordLength = 0;
    }
  }

  private static boolean isBlank(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static boolean isDropped(int codePoint) {
    return codePoint == 0xfffd
        || switch (Character.getType(codePoint)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.PRIVATE_USE,
              Character.SURROGATE,
              Character.UNASSIGNED ->
              true;
          default -> false;
        };
  }

  private static boolean isPunctuation(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint > ' ' && codePoint < 0x7f && !Character.isLetterOrDigit(codePoint);
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /**
   * BERT's blocks of Chinese characters; kana and hangul are not among them, as in the original.
   */
  private static boolean isIdeograph(int codePoint) {
    return (codePoint >= 0x4e00 && codePoint <= 0x9fff)
        || (codePoint >= 0x3400 && codePoint <= 0x4dbf)
        || (codePoint >= 0x20000 && codePoint <= 0x2a6df)
        || (codePoint >= 0x2a700 && codePoint <= 0x2ceaf)
        || (codePoint >= 0xf900 && codePoint <= 0xfaff)
        || (codePoint >= 0x2f800 && codePoint <= 0x2fa1f);
  }
}
