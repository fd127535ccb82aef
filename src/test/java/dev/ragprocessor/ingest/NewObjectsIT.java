package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.EmbeddedChunk;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.NewObject;
import dev.ragprocessor.store.NewObjects;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.Results;
import dev.ragprocessor.store.Tombstones;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Storing an object of which nothing is known, by one statement, and whatever others do. */
class NewObjectsIT {
  private static final ObjectId OBJECT = new ObjectId("library", "notes.txt", 7);

  private IngestRig rig;

  @BeforeEach
  void start() throws SQLException {
    rig = new IngestRig();
  }

  @AfterEach
  void end() {
    rig.close();
  }

  @Test
  void every_chunk_comes_with_its_own_text_and_vector() {
    int count = 300;

    assertThat(store(count)).isPresent();

    assertThat(rig.chunks(OBJECT))
        .isEqualTo(IntStream.range(0, count).mapToObj(index -> "text, \"" + index + "\"").toList());
    List<float[]> vectors = chunks(count).stream().map(EmbeddedChunk::vector).toList();
    for (int index : new int[] {0, 1, count - 1}) {
      assertThat(
              rig.value(
                  String.class,
                  "SELECT space_embedding::text FROM document_chunks WHERE chunk_index = ?",
                  index))
          .startsWith("[%s,0".formatted((int) vectors.get(index)[0]));
    }
    assertThat(rig.value(String.class, "SELECT metadata->>'n' FROM document_chunks LIMIT 1"))
        .isEqualTo("1");
  }

  @Test
  void the_second_time_nothing_is_changed() {
    store(2);

    assertThat(store(3)).isEmpty();
    assertThat(rig.chunks(OBJECT)).hasSize(2);
  }

  @Test
  void many_at_once_store_it_once() {
    List<CompletableFuture<Optional<Results.Recorded>>> all = new ArrayList<>();
    for (int caller = 0; caller < 8; caller++) {
      all.add(CompletableFuture.supplyAsync(() -> store(2), Thread::startVirtualThread));
    }

    assertThat(all.stream().map(CompletableFuture::join).filter(Optional::isPresent)).hasSize(1);
    assertThat(rig.chunks(OBJECT)).hasSize(2);
  }

  @Test
  void what_is_known_to_be_deleted_is_not_stored() {
    rig.database.execute(
        "test.tombstone",
        db -> {
          Tombstones.leave(db, OBJECT, 1);
          return null;
        });

    assertThat(store(2)).isEmpty();
    assertThat(rig.value(Long.class, "SELECT count(*) FROM documents")).isZero();
  }

  @Test
  void a_row_that_the_web_application_inserted_stays_as_it_is() {
    rig.database.execute(
        "test.upload",
        db ->
            db.insert(
                """
                INSERT INTO documents (user_id, filename, original_filename, file_size, mime_type,
                       file_category, gcs_bucket, gcs_path)
                VALUES (CAST(? AS uuid), 'n', 'n', 1, 'text/plain', 'documents', 'library', ?)
                """,
                new UUID(0, 9).toString(),
                OBJECT.path()));

    assertThat(store(2)).isEmpty();
    assertThat(rig.value(String.class, "SELECT status::text FROM documents"))
        .isEqualTo("uploading");
    assertThat(rig.value(Long.class, "SELECT count(*) FROM document_processing_jobs")).isZero();
  }

  @Test
  void of_several_at_once_each_gets_its_own_rows_and_what_is_known_is_left_alone() {
    store(2);
    ObjectId other = new ObjectId("library", "other, \"quoted\".txt", 8);
    ObjectId third = new ObjectId("attic", "third.txt", 9);

    List<Optional<Results.Recorded>> stored =
        rig.database.executeIdempotent(
            "test.store",
            db ->
                NewObjects.store(
                    db,
                    rig.space,
                    List.of(
                        newObject(other, 1, 100),
                        newObject(OBJECT, 3, 200),
                        newObject(third, 2, 300),
                        newObject(other, 1, 100))));

    assertThat(stored.stream().map(Optional::isPresent)).containsExactly(true, false, true, false);
    assertThat(rig.chunks(OBJECT)).hasSize(2);
    assertThat(rig.chunks(other)).containsExactly("text, \"100\"");
    assertThat(rig.chunks(third)).containsExactly("text, \"300\"", "text, \"301\"");
    assertThat(rig.value(Long.class, "SELECT count(*) FROM document_processing_jobs")).isEqualTo(3);
  }

  @Test
  void those_who_store_the_same_in_another_order_wait_for_each_other_and_not_for_ever() {
    for (int round = 0; round < 20; round++) {
      List<NewObject> objects = new ArrayList<>();
      for (int object = 0; object < 16; object++) {
        int number = 1_000 + 16 * round + object;
        objects.add(newObject(new ObjectId("library", number + ".txt", 1), 1, number));
      }
      CompletableFuture<Long> there =
          CompletableFuture.supplyAsync(() -> stored(objects), Thread::startVirtualThread);
      CompletableFuture<Long> back =
          CompletableFuture.supplyAsync(
              () -> stored(objects.reversed()), Thread::startVirtualThread);

      assertThat(there.join() + back.join()).isEqualTo(16);
    }
  }

  private long stored(List<NewObject> objects) {
    return rig
        .database
        .executeIdempotent("test.store", db -> NewObjects.store(db, rig.space, objects))
        .stream()
        .filter(Optional::isPresent)
        .count();
  }

  private NewObject newObject(ObjectId object, int count, int firstId) {
    return new NewObject(
        new DocumentVersion(
            object, 1, IngestRig.TENANT, 20, "4waSgw==", "text/plain", FileCategory.DOCUMENTS),
        chunks(count, firstId));
  }

  private Optional<Results.Recorded> store(int count) {
    return rig.database
        .executeIdempotent(
            "test.store",
            db -> NewObjects.store(db, rig.space, List.of(newObject(OBJECT, count, 0))))
        .getFirst();
  }

  private List<EmbeddedChunk> chunks(int count) {
    return chunks(count, 0);
  }

  private List<EmbeddedChunk> chunks(int count, int firstId) {
    int dimensions = rig.space.space().dimensions();
    return IntStream.range(0, count)
        .mapToObj(
            index -> {
              float[] vector = new float[dimensions];
              vector[0] = index + 1;
              return new EmbeddedChunk(
                  new UUID(1, firstId + index),
                  index,
                  "text, \"" + (firstId + index) + "\"",
                  "notes",
                  "{\"n\": 1}",
                  vector);
            })
        .toList();
  }
}
