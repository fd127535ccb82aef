package dev.ragprocessor.store;

import java.util.List;

/**
 * An object of which nothing was known, with everything that is to be stored of it.
 *
 * @param chunks all of them, in their order
 */
public record NewObject(DocumentVersion version, List<EmbeddedChunk> chunks) {
  public NewObject {
    for (int position = 0; position < chunks.size(); position++) {
      if (chunks.get(position).index() != position) {
        throw new IllegalArgumentException("a new object's chunks are in order, from the first on");
      }
    }
  }

  ObjectId id() {
    return version.object();
  }

  Results.Recorded recorded() {
    return new Results.Recorded(
        new Documents.Owned(Documents.idOf(id()), version.tenant()), Jobs.idOf(id()));
  }
}
