package dev.ragprocessor.bench.index;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Chunks;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.EmbeddedChunk;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.NewObject;
import dev.ragprocessor.store.NewObjects;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.PassageSearch;
import dev.ragprocessor.store.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Documents of 20 chunks, with clustered vectors or those of real text: nine tenths of them belong
 * to one tenant, one in a hundred to a second, and one in a thousand to a third.
 */
record Corpus(List<float[]> vectors, List<float[]> questions) {
  private static final int CHUNKS = 20;
  private static final int WRITERS = 4;
  private static final int QUESTIONS = 200;
  private static final int NEAREST = 10;
  private static final String TEXT = "What stands in a chunk of some length. ".repeat(20);

  /** Whose chunks are asked for. */
  enum Narrowing {
    EVERYBODY,
    TENANT_OF_90_PERCENT,
    TENANT_OF_1_PERCENT,
    TENANT_OF_1_PER_MILLE
  }

  /** What asking while writing showed. */
  record Writing(int asked, int found, double p95Millis) {}

  /** What asking showed. */
  record Answers(double recall, double p50Millis, double p95Millis) {}

  static Corpus of(int count) {
    Vectors vectors = new Vectors();
    return new Corpus(
        Stream.generate(vectors::next).limit(count).toList(),
        Stream.generate(vectors::next).limit(QUESTIONS).toList());
  }

  /** Promises chunks of real text, as {@link TextVectors} has them; evenly taken ones are asked. */
  static Corpus ofText(Path directory, int count, Path kept) throws IOException {
    List<float[]> all = TextVectors.of(directory, count + QUESTIONS, kept);
    List<float[]> vectors = new ArrayList<>(count);
    List<float[]> questions = new ArrayList<>(QUESTIONS);
    int apart = all.size() / QUESTIONS;
    for (int i = 0; i < all.size(); i++) {
      boolean asked = i % apart == apart / 2 && questions.size() < QUESTIONS;
      (asked ? questions : vectors).add(all.get(i));
    }
    return new Corpus(vectors, questions);
  }

  int size() {
    return vectors.size();
  }

  int dimensions() {
    return vectors.getFirst().length;
  }

  /** Promises the rate of COPY into a table whose index is there. */
  double copyIntoIndexed(Database database) {
    database.execute(
        db ->
            db.dml(
                "CREATE TABLE copied (id bigint PRIMARY KEY, embedding vector(%d))"
                    .formatted(dimensions())));
    database.execute(
        db -> db.dml("CREATE INDEX ON copied USING hnsw (embedding vector_cosine_ops)"));
    long begun = System.nanoTime();
    for (int from = 0; from < size(); from += 500) {
      int first = from;
      database.inTransaction(
          db ->
              db.copyIn(
                  "COPY copied FROM STDIN (FORMAT binary)",
                  rows -> {
                    for (int id = first; id < Math.min(size(), first + 500); id++) {
                      rows.row((long) id, vectors.get(id));
                    }
                  }));
    }
    double rate = size() / ((System.nanoTime() - begun) / 1e9);
    database.execute(db -> db.dml("DROP TABLE copied"));
    return rate;
  }

  /** Stores all as events do, while somebody asks for what has just been committed. */
  Writing write(Database database, ActiveSpace space)
      throws ExecutionException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger committed = new AtomicInteger(-1);
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        writers.add(
            threads.submit(
                () -> {
                  for (int document = next.getAndIncrement();
                      document * CHUNKS < size();
                      document = next.getAndIncrement()) {
                    store(database, space, document);
                    committed.set(document);
                  }
                }));
      }
      Future<Writing> reader =
          threads.submit(
              () -> {
                List<Long> times = new ArrayList<>();
                int found = 0;
                while (writers.stream().anyMatch(writer -> !writer.isDone())) {
                  int document = committed.get();
                  if (document >= 0) {
                    int chunk = document * CHUNKS;
                    long asked = System.nanoTime();
                    found +=
                        nearest(database, space, vectors.get(chunk), null).contains(id(chunk))
                            ? 1
                            : 0;
                    times.add(System.nanoTime() - asked);
                  }
                  Thread.sleep(20);
                }
                return new Writing(times.size(), found, percentile(times, 95));
              });
      for (Future<?> writer : writers) {
        writer.get();
      }
      return reader.get();
    }
  }

  private void store(Database database, ActiveSpace space, int document) {
    List<EmbeddedChunk> chunks = new ArrayList<>();
    for (int index = 0; index < CHUNKS && document * CHUNKS + index < size(); index++) {
      int chunk = document * CHUNKS + index;
      chunks.add(new EmbeddedChunk(id(chunk), index, TEXT, "", "{}", vectors.get(chunk)));
    }
    database.execute(
        db ->
            NewObjects.store(db, space, List.of(new NewObject(version(document), chunks)))
                .getFirst()
                .orElseThrow());
  }

  private DocumentVersion version(int document) {
    return new DocumentVersion(
        object(document), 1, tenant(document), 1, "", "text/plain", FileCategory.DOCUMENTS);
  }

  /** Asks each question twice, and looks at the second time. */
  Answers ask(Database database, ActiveSpace space, Narrowing narrowing) {
    @Nullable TenantId tenant =
        switch (narrowing) {
          case EVERYBODY -> null;
          case TENANT_OF_90_PERCENT -> tenant(1);
          case TENANT_OF_1_PERCENT -> tenant(50);
          case TENANT_OF_1_PER_MILLE -> tenant(500);
        };
    List<Long> times = new ArrayList<>();
    double recall = 0;
    for (float[] question : questions) {
      nearest(database, space, question, tenant);
      long asked = System.nanoTime();
      Set<UUID> found = nearest(database, space, question, tenant);
      times.add(System.nanoTime() - asked);
      Set<UUID> truth = truth(question, tenant);
      found.retainAll(truth);
      recall += found.size() / (double) truth.size();
    }
    return new Answers(recall / questions.size(), percentile(times, 50), percentile(times, 95));
  }

  private static Set<UUID> nearest(
      Database database, ActiveSpace space, float[] question, @Nullable TenantId tenant) {
    Set<UUID> found = new HashSet<>();
    database
        .inTransaction(
            db ->
                PassageSearch.nearest(
                    db,
                    space,
                    question,
                    new PassageSearch.Filter(tenant, List.of(), null, null, null),
                    NEAREST,
                    -1))
        .forEach(hit -> found.add(hit.chunkId()));
    return found;
  }

  private Set<UUID> truth(float[] question, @Nullable TenantId tenant) {
    record Near(int chunk, double distance) {}
    Set<UUID> truth = new HashSet<>();
    IntStream.range(0, size())
        .parallel()
        .filter(chunk -> tenant == null || tenant(chunk / CHUNKS).equals(tenant))
        .mapToObj(chunk -> new Near(chunk, distance(question, vectors.get(chunk))))
        .sorted(Comparator.comparingDouble(Near::distance))
        .limit(NEAREST)
        .forEachOrdered(near -> truth.add(id(near.chunk())));
    return truth;
  }

  private static double distance(float[] a, float[] b) {
    float dot = 0;
    float aa = 0;
    float bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return 1 - dot / Math.sqrt((double) aa * bb);
  }

  private static double percentile(List<Long> times, int percent) {
    long[] sorted = times.stream().mapToLong(time -> time).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length * percent / 100] / 1e6;
  }

  private static ObjectId object(int document) {
    return new ObjectId("bench", "%08d".formatted(document), 1);
  }

  private static UUID id(int chunk) {
    return Chunks.idOf(object(chunk / CHUNKS), Integer.toString(chunk), 1);
  }

  private static TenantId tenant(int document) {
    int number =
        document % 1_000 == 500 ? 3 : document % 100 == 50 ? 2 : document % 10 == 9 ? 4 : 1;
    return new TenantId(new UUID(0, number));
  }
}
