package dev.ragprocessor.bench.load;

import com.pgvector.PGvector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;

/**
 * The same rows by plain JDBC, without HTTP, files, model or any check: what the database allows,
 * and what is usually written. Each uses as many connections as the service has.
 */
enum Direct {
  /** Binary COPY into the chunks' table, 1,000 rows a transaction: the most that there is. */
  COPY {
    @Override
    int event(Connection connection, int chunks) throws SQLException {
      UUID document = UUID.randomUUID();
      rows(connection, document, 1);
      copy(connection, document, BULK);
      connection.commit();
      return BULK;
    }
  },
  /** A whole event in the fewest round trips. */
  TRANSACTION {
    @Override
    int event(Connection connection, int chunks) throws SQLException {
      UUID document = UUID.randomUUID();
      rows(connection, document, chunks);
      copy(connection, document, chunks);
      connection.commit();
      return chunks;
    }
  },
  /** A whole event as it is mostly written: row by row into a batch, vectors as text. */
  TEXT_BATCH {
    @Override
    int event(Connection connection, int chunks) throws SQLException {
      UUID document = UUID.randomUUID();
      rows(connection, document, chunks);
      try (PreparedStatement insert =
          connection.prepareStatement(
              """
              INSERT INTO document_chunks
                     (id, user_id, document_id, content, chunk_index, metadata, text_embedding)
              VALUES (?, ?, ?, ?, ?, CAST(? AS jsonb), CAST(? AS vector))
              """)) {
        for (int chunk = 0; chunk < chunks; chunk++) {
          insert.setObject(1, UUID.randomUUID());
          insert.setObject(2, USER);
          insert.setObject(3, document);
          insert.setString(4, Documents.paragraph(0, chunk));
          insert.setInt(5, chunk);
          insert.setString(6, "{}");
          insert.setString(7, new PGvector(vector()).getValue());
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.commit();
      return chunks;
    }
  };

  private static final int BULK = 1_000;
  private static final int DIMENSIONS = 768;
  private static final UUID USER = new UUID(0, 1);
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final byte[] EMPTY_JSONB = {1, '{', '}'};

  /** Writes one event's rows; the number of its chunks. */
  abstract int event(Connection connection, int chunks) throws SQLException;

  /** What so many connections wrote in the time. */
  record Written(int events, int chunks, Duration took) {}

  /** Promises what so many connections write in the time. */
  Written run(String jdbcUrl, String name, int connections, int chunks, Duration time)
      throws Exception {
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", name);
    AtomicInteger events = new AtomicInteger();
    AtomicInteger written = new AtomicInteger();
    long begun = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      for (int thread = 0; thread < connections; thread++) {
        running.add(
            threads.submit(
                () -> {
                  try (Connection connection = DriverManager.getConnection(jdbcUrl, properties)) {
                    connection.setAutoCommit(false);
                    while (System.nanoTime() - begun < time.toNanos()) {
                      written.addAndGet(event(connection, chunks));
                      events.incrementAndGet();
                    }
                  }
                  return null;
                }));
      }
    }
    for (Future<?> thread : running) {
      thread.get();
    }
    return new Written(events.get(), written.get(), Duration.ofNanos(System.nanoTime() - begun));
  }

  /** Document and job in one statement. */
  private static void rows(Connection connection, UUID document, int chunks) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            WITH d AS (
              INSERT INTO documents (id, user_id, filename, original_filename, file_size, mime_type,
                     file_category, gcs_bucket, gcs_path, status, chunk_count, processed_at)
              VALUES (?, ?, 'x', 'x', 1, 'text/plain', 'documents', 'load', ?, 'completed', ?, now())
              ON CONFLICT (gcs_path) DO UPDATE SET updated_at = now() RETURNING id)
            INSERT INTO document_processing_jobs
                   (document_id, status, processing_stage, file_size, file_type, file_path, completed_at)
            SELECT id, 'processed', 'completed', 1, 'text/plain', ?, now() FROM d
            ON CONFLICT (file_path) DO UPDATE SET updated_at = now() RETURNING id
            """)) {
      insert.setObject(1, document);
      insert.setObject(2, USER);
      insert.setString(3, "gs://load/" + document);
      insert.setInt(4, chunks);
      insert.setString(5, "gs://load/" + document);
      try (ResultSet _ = insert.executeQuery()) {
        // The id is known: it was given.
      }
    }
  }

  private static void copy(Connection connection, UUID document, int chunks) throws SQLException {
    ByteBuffer out = ByteBuffer.allocate(SIGNATURE.length + 2 + chunks * 4_200).put(SIGNATURE);
    for (int chunk = 0; chunk < chunks; chunk++) {
      out.putShort((short) 7);
      uuid(out, UUID.randomUUID());
      uuid(out, USER);
      uuid(out, document);
      bytes(out, Documents.paragraph(0, chunk).getBytes(StandardCharsets.UTF_8));
      out.putInt(Integer.BYTES).putInt(chunk);
      bytes(out, EMPTY_JSONB);
      out.putInt(4 + DIMENSIONS * Float.BYTES).putShort((short) DIMENSIONS).putShort((short) 0);
      for (float element : vector()) {
        out.putFloat(element);
      }
    }
    out.putShort((short) -1);
    var copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                """
                COPY document_chunks
                     (id, user_id, document_id, content, chunk_index, metadata, text_embedding)
                FROM STDIN (FORMAT binary)
                """);
    copy.writeToCopy(out.array(), 0, out.position());
    copy.endCopy();
  }

  private static void uuid(ByteBuffer out, UUID id) {
    out.putInt(2 * Long.BYTES);
    out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static void bytes(ByteBuffer out, byte[] value) {
    out.putInt(value.length).put(value);
  }

  private static float[] vector() {
    float[] vector = new float[DIMENSIONS];
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < vector.length; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }
}
