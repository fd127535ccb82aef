package dev.ragprocessor.ingest;

import dev.ragprocessor.extract.Chunk;
import java.util.List;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Cutting passages into chunks. */
@Name("dev.ragprocessor.Chunk")
@Label("Chunk")
@Description("Cutting passages into chunks")
final class ChunkEvent extends StageEvent {
  @Label("Passages")
  int passages;

  @Label("Chunks")
  int chunks;

  ChunkEvent(int passages) {
    this.passages = passages;
  }

  @Override
  String stage() {
    return "chunk";
  }

  void cut(List<Chunk> made) {
    chunks = made.size();
  }
}
