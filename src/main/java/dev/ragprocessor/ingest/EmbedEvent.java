package dev.ragprocessor.ingest;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Making the vectors of one document, all of its model calls included. */
@Name("dev.ragprocessor.Embed")
@Label("Embed")
@Description("Making the vectors of one document, all of its model calls included")
final class EmbedEvent extends StageEvent {
  @Label("Chunks")
  int chunks;

  @Label("New Chunks")
  @Description("Chunks that had no vector yet")
  int fresh;

  EmbedEvent(int chunks, int fresh) {
    this.chunks = chunks;
    this.fresh = fresh;
  }

  @Override
  String stage() {
    return "embed";
  }
}
