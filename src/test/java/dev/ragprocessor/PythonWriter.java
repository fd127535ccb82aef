package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ragprocessor.testing.GeminiStandIn;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Does to the database what the Python service and its web application do: the same tables, columns
 * and functions and no others, vectors as text, parameters without a type, a connection each round.
 */
final class PythonWriter implements AutoCloseable {
  static final String ANNA = "11111111-1111-4111-8111-111111111111";
  private static final JsonMapper JSON = new JsonMapper();
  private static final String MODEL = "gemini-embedding-001";

  private final String url;
  private final GeminiStandIn gemini;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger rounds = new AtomicInteger();
  private volatile boolean ending;
  private @Nullable CompletableFuture<Void> running;

  PythonWriter(String url, GeminiStandIn gemini) {
    this.url = url + "&stringtype=unspecified";
    this.gemini = gemini;
  }

  /** Goes on with rounds until it is closed; what fails in one fails the close. */
  void start() {
    running =
        CompletableFuture.runAsync(
            () -> {
              while (!ending) {
                round();
              }
            });
  }

  /** Promises how many rounds have begun; throws what ended them. */
  int rounds() {
    if (running != null && running.isDone()) {
      running.join();
    }
    return rounds.get();
  }

  /** One file's life: announced, processed, failed and tried again, found, read, deleted. */
  void round() {
    int number = rounds.incrementAndGet();
    String text = "The python number %d sleeps in basket %d.".formatted(number, number * 7);
    String path = "gs://python/%s/%d.txt".formatted(ANNA, number);
    try (Connection connection = DriverManager.getConnection(url)) {
      String document = announce(connection, path, number);
      attempt(connection, document, path, "the quota is gone");
      process(connection, document, path, text);
      List<String> found = search(connection, "Which python sleeps in basket " + number * 7);
      assertThat(found).as("found by the web application").contains(text);
      if (number % 2 == 0) {
        run(connection, "DELETE FROM documents WHERE id = ?", document);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String announce(Connection connection, String path, int number)
      throws SQLException {
    return one(
        connection,
        """
        INSERT INTO documents (user_id, filename, original_filename, file_size, mime_type,
                               file_category, gcs_bucket, gcs_path, status)
        VALUES (?, ?, ?, ?, 'text/plain', 'documents', 'python', ?, 'uploading') RETURNING id
        """,
        ANNA,
        number + ".txt",
        "Nummer " + number + ".txt",
        "40",
        path);
  }

  private static void begin(Connection connection, String document, String path)
      throws SQLException {
    run(
        connection,
        """
        INSERT INTO document_processing_jobs
               (document_id, status, processing_stage, file_size, file_type, file_path,
                processing_started_at)
        VALUES (?, 'processing', 'downloading', 40, 'text/plain', ?, now())
        ON CONFLICT (file_path) DO UPDATE SET
               status = 'processing', processing_stage = 'downloading', error_message = NULL,
               retry_count = document_processing_jobs.retry_count + 1, updated_at = now()
        """,
        document,
        path);
    run(
        connection,
        "UPDATE documents SET status = 'processing', updated_at = now() WHERE id = ?",
        document);
  }

  private static void attempt(Connection connection, String document, String path, String reason)
      throws SQLException {
    begin(connection, document, path);
    run(
        connection,
        """
        UPDATE document_processing_jobs SET status = 'retry_pending', error_message = ?,
               updated_at = now() WHERE file_path = ?
        """,
        reason,
        path);
  }

  private void process(Connection connection, String document, String path, String text)
      throws SQLException {
    begin(connection, document, path);
    String vector = vector(text);
    connection.setAutoCommit(false);
    run(
        connection,
        """
        INSERT INTO document_chunks
               (user_id, document_id, content, context, chunk_index, metadata, text_embedding)
        VALUES (?, ?, ?, 'about pythons', 0, ?, ?)
        """,
        ANNA,
        document,
        text,
        "{\"content_type\": \"document\", \"chunk_index\": 0}",
        vector);
    run(
        connection,
        """
        UPDATE documents SET status = 'completed', chunk_count = 1, processed_at = now(),
               processing_metadata = '{"chunks": 1}', updated_at = now() WHERE id = ?
        """,
        document);
    run(
        connection,
        """
        UPDATE document_processing_jobs SET status = 'processed', processing_stage = 'completed',
               completed_at = now(), updated_at = now() WHERE document_id = ?
        """,
        document);
    connection.commit();
    connection.setAutoCommit(true);
  }

  /** The texts that the web application finds for Anna. */
  List<String> search(String question) {
    try (Connection connection = DriverManager.getConnection(url)) {
      return search(connection, question);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> search(Connection connection, String question) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT chunk_id, content, context, similarity, metadata, document_filename,"
                + " document_id FROM match_text_chunks(?, ?, 0.1, 50)")) {
      statement.setString(1, vector(question));
      statement.setString(2, ANNA);
      List<String> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString("content"));
        }
      }
      return found;
    }
  }

  private String vector(String text) {
    ObjectNode request = JSON.createObjectNode();
    ObjectNode one = request.putArray("requests").addObject();
    one.put("model", "models/" + MODEL).put("outputDimensionality", 768);
    one.putObject("content").putArray("parts").addObject().put("text", text);
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(
                          gemini.baseUrl() + "/v1beta/models/" + MODEL + ":batchEmbedContents"))
                  .header("x-goog-api-key", GeminiStandIn.KEY)
                  .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode values = JSON.readTree(answer.body()).at("/embeddings/0/values");
      assertThat(values).as(answer.body()).hasSize(768);
      return values.toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void run(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, parameters)) {
      assertThat(statement.executeUpdate()).as(sql).isPositive();
    }
  }

  private static String one(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      assertThat(rows.next()).as(sql).isTrue();
      return rows.getString(1);
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, String... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int parameter = 0; parameter < parameters.length; parameter++) {
      statement.setString(parameter + 1, parameters[parameter]);
    }
    return statement;
  }

  /** Ends after the round that runs; throws what failed. */
  @Override
  public void close() {
    ending = true;
    if (running != null) {
      running.join();
    }
    http.close();
  }
}
