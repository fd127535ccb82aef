package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Objects of which the database knows nothing: document, job and chunks are stored by one statement
 * that is a transaction of its own, in one round trip.
 */
public final class NewObjects {
  private static final String STORE =
      """
      SELECT rag_store_new_object(?, ?, ?, ?, ?, CAST(? AS uuid), CAST(? AS uuid), CAST(? AS uuid),
             ?, ?, ?, ?, CAST(? AS file_category), ?, ?, CAST(? AS uuid[]), ?, ?, ?, ?) AS stored
      """;

  private NewObjects() {}

  /**
   * Promises the rows that {@link Results#completed} and {@link Chunks#add} would leave, if there
   * is nothing of the object yet, whatever others do meanwhile; otherwise that nothing is changed.
   * Done again it does nothing.
   *
   * @param chunks all with a vector, and none about a medium
   * @return the rows that were written; empty where something is there, or the space is not the
   *     active one
   */
  public static Optional<Results.Recorded> store(
      Scope db, DocumentVersion version, ActiveSpace space, List<EmbeddedChunk> chunks) {
    ObjectId object = version.object();
    UUID document = Documents.idOf(object);
    UUID job = Jobs.idOf(object);
    int count = chunks.size();
    String[] ids = new String[count];
    String[] contents = new String[count];
    String[] contexts = new String[count];
    String[] metadata = new String[count];
    List<float[]> vectors = new ArrayList<>(count);
    for (int position = 0; position < count; position++) {
      EmbeddedChunk chunk = chunks.get(position);
      if (chunk.vector() == null || chunk.mediaVector() != null || chunk.index() != position) {
        throw new IllegalArgumentException(
            "a new document's chunks are all new, of text alone, and in order");
      }
      ids[position] = chunk.id().toString();
      contents[position] = chunk.content();
      contexts[position] = chunk.context();
      metadata[position] = chunk.metadata();
      vectors.add(chunk.vector());
    }
    boolean stored =
        db.createGet(STORE)
            .addParam(object.path())
            .addParam(object.bucket())
            .addParam(object.name())
            .addParam(object.generation())
            .addParam(version.metageneration())
            .addParam(document.toString())
            .addParam(job.toString())
            .addParam(version.tenant().toString())
            .addParam(version.filename())
            .addParam(version.size())
            .addParam(version.crc32c())
            .addParam(version.mediaType())
            .addParam(version.category().label())
            .addParam(space.id())
            .addParam(space.column().name())
            .addParam(ids)
            .addParam(contents)
            .addParam(contexts)
            .addParam(metadata)
            .addParam(db.vectors(vectors))
            .execute()
            .map(row -> Columns.truth(row, "stored"))
            .orElseThrow();
    return stored
        ? Optional.of(new Results.Recorded(new Documents.Owned(document, version.tenant()), job))
        : Optional.empty();
  }
}
