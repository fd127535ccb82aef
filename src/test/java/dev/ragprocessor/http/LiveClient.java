package dev.ragprocessor.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Follows server-sent events. */
final class LiveClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;

  /** Promises a client whose request was answered, in whatever way. */
  LiveClient(HttpRequest request) throws IOException {
    try {
      response = client.send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  int status() {
    return response.statusCode();
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** Promises the data of the next event of that name. */
  JsonNode event(String name) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals("event: " + name)) {
        return JSON.readTree(lines.readLine().substring("data: ".length()));
      }
    }
    throw new EOFException("The stream ended before " + name);
  }

  /** Reads to the stream's end; fails when it is not a proper one. */
  void readToEnd() throws IOException {
    while (lines.readLine() != null) {
      // what comes before the end is not looked at
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
    client.shutdownNow();
  }
}
