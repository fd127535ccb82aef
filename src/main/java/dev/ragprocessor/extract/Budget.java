package dev.ragprocessor.extract;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.util.Optional;

/**
 * What one extraction may still spend. Every method throws {@link LimitReached} from the moment a
 * limit is passed, again and again, so that a parser which swallows the first still gets nowhere.
 * Belongs to one thread.
 *
 * <p>Parsers ignore interrupts; the clock is therefore read as they hand something over, for each
 * page and each part that is unpacked, and for every eighth of the small things. A parser that
 * works for ever without handing anything over is not stopped by this.
 */
final class Budget {
  /** Simple documents are packed very well, and do no harm. */
  private static final long SMALL_ARCHIVE_BYTES = 8L << 20;

  /** Reading the clock takes as long as a parser takes for an element. */
  private static final int TICKS_TO_A_LOOK = 8;

  private final ExtractionSettings settings;
  private final long startedAt = System.nanoTime();
  private final long limitNanos;
  private int ticks;
  private long characters;
  private int pages;
  private int depth;
  private Optional<LimitReached> reached = Optional.empty();

  Budget(ExtractionSettings settings) {
    this.settings = settings;
    this.limitNanos = settings.timeLimit().toNanos();
  }

  /** Something small happened: looks at the clock now and then. */
  void tick() {
    throwIfReached();
    if (ticks++ % TICKS_TO_A_LOOK == 0) {
      look();
    }
  }

  /** Looks at the clock. */
  void look() {
    throwIfReached();
    if (System.nanoTime() - startedAt > limitNanos) {
      stop(Reason.TOO_SLOW, TimeLimit.sentence(settings.timeLimit()));
    }
  }

  /** Takes text before it is kept. */
  void spend(int moreCharacters) {
    tick();
    characters += moreCharacters;
    if (characters > settings.maxCharacters()) {
      tooMuchText();
    }
  }

  /** Takes a page or a slide. */
  void spendPage() {
    look();
    pages++;
    if (pages > settings.maxPages()) {
      stop(
          Reason.TOO_MUCH_TEXT,
          String.format(
              "This file has more than the limit of %,d pages; split it into smaller files.",
              settings.maxPages()));
    }
  }

  /** Refuses a file whose text cannot fit, before it is read. */
  void requireRoomFor(long characterCount) {
    look();
    if (characterCount > settings.maxCharacters()) {
      tooMuchText();
    }
  }

  /** How many bytes an archive of this size may unpack to. */
  long unpackedLimit(long packedBytes) {
    return Math.max(SMALL_ARCHIVE_BYTES, packedBytes * settings.maxExpansion());
  }

  /** Refuses an archive that unpacks to more. */
  void requireUnpackedWithin(long unpackedBytes, long limit) {
    look();
    if (unpackedBytes > limit) {
      stop(
          Reason.EXPANDS_TOO_MUCH,
          "This file unpacks to more than "
              + settings.maxExpansion()
              + " times its size, as no real document does; save it again where it was made.");
    }
  }

  /** How many characters may still be spent. */
  long room() {
    return Math.max(0, settings.maxCharacters() - characters);
  }

  /** Goes into a file inside the file. */
  void descend() {
    look();
    depth++;
    if (depth > settings.maxDepth()) {
      stop(
          Reason.NESTED_TOO_DEEPLY,
          "This file holds files inside files, more than the limit of "
              + settings.maxDepth()
              + " deep; upload the inner ones on their own.");
    }
  }

  /** Comes back from it. */
  void ascend() {
    depth--;
  }

  /** A limit that a parser has swallowed is still a limit. */
  void throwIfReached() {
    if (reached.isPresent()) {
      throw reached.get();
    }
  }

  /** The limit that was passed, if any. */
  Optional<LimitReached> reached() {
    return reached;
  }

  private void tooMuchText() {
    stop(
        Reason.TOO_MUCH_TEXT,
        String.format(
            "This file holds more than the limit of %,d characters of text; split it into smaller"
                + " files.",
            settings.maxCharacters()));
  }

  private void stop(Reason reason, String sentence) {
    LimitReached limit = new LimitReached(reason, sentence);
    reached = Optional.of(limit);
    throw limit;
  }
}
