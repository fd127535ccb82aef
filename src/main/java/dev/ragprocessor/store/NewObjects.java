package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import io.helidon.dbclient.DbStatementQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Objects of which the database knows nothing: the documents, jobs and chunks of some of them are
 * stored by one statement that is a transaction of its own, in one round trip.
 */
public final class NewObjects {
  // Each object's lock is taken before anything else, in one order: who has one and waits for the
  // next then waits for nobody who waits for him, whatever a function takes besides. The lists of
  // the chunks are those of all objects, one after the other.
  private static final String STORE =
      """
      WITH locked AS MATERIALIZED (
        SELECT count(pg_advisory_xact_lock(key))
          FROM (SELECT hashtextextended(unnest(CAST(? AS text[])), 0) AS key ORDER BY 1) keys)
      SELECT o.number,
             rag_store_new_object(o.path, o.bucket, o.name, o.generation, o.metageneration,
               o.document, o.job, o.tenant, o.filename, o.size, o.crc32c, o.media_type, o.category,
               CAST(? AS integer), CAST(? AS text), (CAST(? AS uuid[]))[o.first:o.last],
               (CAST(? AS text[]))[o.first:o.last], (CAST(? AS text[]))[o.first:o.last],
               (CAST(? AS text[]))[o.first:o.last], (CAST(? AS vector[]))[o.first:o.last]) AS stored
        FROM locked,
             (SELECT unnest(CAST(? AS text[])) AS path, unnest(CAST(? AS text[])) AS bucket,
                     unnest(CAST(? AS text[])) AS name, unnest(CAST(? AS bigint[])) AS generation,
                     unnest(CAST(? AS bigint[])) AS metageneration,
                     unnest(CAST(? AS uuid[])) AS document, unnest(CAST(? AS uuid[])) AS job,
                     unnest(CAST(? AS uuid[])) AS tenant, unnest(CAST(? AS text[])) AS filename,
                     unnest(CAST(? AS bigint[])) AS size, unnest(CAST(? AS text[])) AS crc32c,
                     unnest(CAST(? AS text[])) AS media_type,
                     unnest(CAST(? AS file_category[])) AS category,
                     unnest(CAST(? AS integer[])) AS first, unnest(CAST(? AS integer[])) AS last,
                     unnest(CAST(? AS integer[])) AS number) o
      """;

  private NewObjects() {}

  /**
   * Promises for each object the rows that {@link Results#completed} and {@link Chunks#add} would
   * leave, if there is nothing of it yet, whatever others do meanwhile; otherwise that nothing of
   * it is changed. Done again it does nothing. When it fails, nothing of any is stored.
   *
   * @param objects with all chunks, each with a vector, and none about a medium
   * @return for each object, in their order, the rows that were written; empty where something is
   *     there, or the space is not the active one
   */
  public static List<Optional<Results.Recorded>> store(
      Scope db, ActiveSpace space, List<NewObject> objects) {
    List<EmbeddedChunk> chunks = new ArrayList<>();
    int[] first = new int[objects.size()];
    int[] last = new int[objects.size()];
    int[] numbers = new int[objects.size()];
    for (int number = 0; number < objects.size(); number++) {
      numbers[number] = number;
      first[number] = chunks.size() + 1;
      chunks.addAll(objects.get(number).chunks());
      last[number] = chunks.size();
    }
    String[] paths = texts(objects, object -> object.id().path());
    DbStatementQuery statement =
        db.createQuery(STORE)
            .addParam(paths)
            .addParam(space.id())
            .addParam(space.column().name())
            .addParam(texts(chunks, chunk -> chunk.id().toString()))
            .addParam(texts(chunks, EmbeddedChunk::content))
            .addParam(texts(chunks, EmbeddedChunk::context))
            .addParam(texts(chunks, EmbeddedChunk::metadata))
            .addParam(db.vectors(vectors(chunks)))
            .addParam(paths)
            .addParam(texts(objects, object -> object.id().bucket()))
            .addParam(texts(objects, object -> object.id().name()))
            .addParam(objects.stream().mapToLong(object -> object.id().generation()).toArray())
            .addParam(
                objects.stream().mapToLong(object -> object.version().metageneration()).toArray())
            .addParam(texts(objects, object -> Documents.idOf(object.id()).toString()))
            .addParam(texts(objects, object -> Jobs.idOf(object.id()).toString()))
            .addParam(texts(objects, object -> object.version().tenant().toString()))
            .addParam(texts(objects, object -> object.version().filename()))
            .addParam(objects.stream().mapToLong(object -> object.version().size()).toArray())
            .addParam(texts(objects, object -> object.version().crc32c()))
            .addParam(texts(objects, object -> object.version().mediaType()))
            .addParam(texts(objects, object -> object.version().category().label()))
            .addParam(first)
            .addParam(last)
            .addParam(numbers);
    List<Optional<Results.Recorded>> recorded =
        new ArrayList<>(Collections.nCopies(objects.size(), Optional.empty()));
    statement
        .execute()
        .filter(row -> Columns.truth(row, "stored"))
        .map(row -> (int) Columns.integer(row, "number"))
        .forEach(number -> recorded.set(number, Optional.of(objects.get(number).recorded())));
    return recorded;
  }

  private static <T> String[] texts(List<T> items, Function<T, String> text) {
    return items.stream().map(text).toArray(String[]::new);
  }

  private static List<float[]> vectors(List<EmbeddedChunk> chunks) {
    List<float[]> vectors = new ArrayList<>(chunks.size());
    for (EmbeddedChunk chunk : chunks) {
      if (chunk.vector() == null || chunk.mediaVector() != null) {
        throw new IllegalArgumentException("a new object's chunks are all new, and of text alone");
      }
      vectors.add(chunk.vector());
    }
    return vectors;
  }
}
