package dev.ragprocessor.extract;

import java.util.List;

/** What became of a file's bytes. */
public sealed interface Extracted {
  /** The detected media type, for example {@code application/pdf}. */
  String mediaType();

  /**
   * A document with text.
   *
   * @param kind what it is
   * @param title the document's own title, or empty
   * @param passages in reading order; empty when the file holds no text at all
   */
  record Text(FileKind kind, String mediaType, String title, List<Passage> passages)
      implements Extracted {
    public Text {
      passages = List.copyOf(passages);
    }
  }

  /** An image, audio or video file: its text is a model's affair. */
  record Media(String mediaType, Category category) implements Extracted {
    /** The kinds of media, named as the tables name them. */
    public enum Category {
      IMAGES,
      VIDEOS,
      AUDIO
    }
  }
}
