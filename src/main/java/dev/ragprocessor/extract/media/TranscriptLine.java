package dev.ragprocessor.extract.media;

import dev.ragprocessor.embed.TimeRange;

/**
 * What one speaker says without a break.
 *
 * @param range in the recording
 * @param speaker a name, or what tells the speakers apart; empty when there is nothing to tell
 * @param text not blank
 */
record TranscriptLine(TimeRange range, String speaker, String text) {
  /** As it is read: {@code [0:12] Anna: Good morning.} */
  String readable() {
    return "[%s] %s%s"
        .formatted(Clocks.shown(range.start()), speaker.isEmpty() ? "" : speaker + ": ", text);
  }
}
