package dev.ragprocessor.extract;

/**
 * A piece of extracted text that belongs together: a paragraph, a list, a table (as Markdown, the
 * first line its header), a block of code.
 *
 * @param kind what it is, so that a chunker can cut it well
 * @param text not blank
 * @param place where a reader finds it
 */
public record Passage(Kind kind, String text, Place place) {
  /** What a passage is. */
  public enum Kind {
    /** Running text. */
    PARAGRAPH,
    /** Rows below one header. */
    TABLE,
    /** Text whose line breaks and indentation matter. */
    CODE
  }
}
