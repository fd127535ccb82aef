package dev.ragprocessor.extract.media;

import java.util.List;

/** What a model answered about one stretch of a medium: something, or why there is nothing. */
sealed interface MediaAnswer {
  /**
   * What is to be seen and heard.
   *
   * @param description in words; may be empty where there is text
   * @param text that is legible or spoken; empty where there is none
   * @param language of the text as BCP 47 has it; empty when not known
   * @param heard whether there is speech; false for an image
   * @param lines of a transcript with times; empty for all but sound
   */
  record Read(
      String description, String text, String language, boolean heard, List<TranscriptLine> lines)
      implements MediaAnswer {
    public Read {
      lines = List.copyOf(lines);
    }

    boolean isEmpty() {
      return description.isBlank() && text.isBlank() && lines.isEmpty();
    }
  }

  /** Nothing, and asking again changes nothing. */
  sealed interface Nothing extends MediaAnswer {
    /** Why, as the end of a sentence about the stretch. */
    String reason();
  }

  /**
   * The model will not look at it, or not speak of it.
   *
   * @param by the reason's name in the API, for example {@code SAFETY}
   */
  record Blocked(String by) implements Nothing {
    @Override
    public String reason() {
      return "was refused by the model's safety filters (%s)".formatted(by);
    }
  }

  /** The model cannot read it. */
  record Refused(String said) implements Nothing {
    @Override
    public String reason() {
      return "was refused by the model: " + said;
    }
  }

  /** The model had nothing to say. */
  record Empty() implements Nothing {
    @Override
    public String reason() {
      return "got an empty answer";
    }
  }

  /** The model did not come to the end: a shorter stretch may do. */
  record Truncated() implements Nothing {
    @Override
    public String reason() {
      return "got an answer that was cut off; raise media.max-output-tokens";
    }
  }

  /** The model did not come to an end at all: a shorter stretch may do. */
  record TooLong(int characters) implements Nothing {
    @Override
    public String reason() {
      return "got an answer of %,d characters, which is above media.max-answer"
          .formatted(characters);
    }
  }

  /** The answer is not in the form that was asked for, twice. */
  record Unreadable() implements Nothing {
    @Override
    public String reason() {
      return "got answers that are not in the form that was asked for";
    }
  }
}
