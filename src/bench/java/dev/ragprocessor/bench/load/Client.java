package dev.ragprocessor.bench.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * One kept connection that delivers events: just enough HTTP/1.1, so that it takes little of the
 * processors that it shares with what it measures. Belongs to one thread.
 */
final class Client implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 120_000;

  private final Socket socket;
  private final InputStream in;

  Client(URI service) throws IOException {
    socket = new Socket(service.getHost(), service.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 2048);
  }

  /** Delivers a finalized event of this object. */
  Reply deliver(String bucket, String name, long generation) throws IOException {
    String body =
        """
        {"bucket":"%s","name":"%s","contentType":"text/plain","generation":"%d","metageneration":"1"}\
        """
            .formatted(bucket, name, generation);
    String head =
        """
        POST / HTTP/1.1
        Host: 127.0.0.1
        Content-Type: application/json
        Content-Length: %d
        ce-specversion: 1.0
        ce-id: %d
        ce-source: //storage.googleapis.com/projects/_/buckets/%s
        ce-type: google.cloud.storage.object.v1.finalized
        ce-subject: objects/%s
        ce-time: 2026-01-01T00:00:00Z

        """
            .formatted(body.length(), generation, bucket, name)
            .replace("\n", "\r\n");
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    int status = Integer.parseInt(line().substring(9, 12));
    int length = 0;
    int retryAfter = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String field = header.toLowerCase(Locale.ROOT);
      if (field.startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).trim());
      } else if (field.startsWith("retry-after:")) {
        retryAfter = Integer.parseInt(header.substring(12).trim());
      }
    }
    in.skipNBytes(length);
    return new Reply(status, Duration.ofSeconds(retryAfter));
  }

  /**
   * What is read of an answer.
   *
   * @param retryAfter how long it asks to wait; zero where it does not ask
   */
  record Reply(int status, Duration retryAfter) {}

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the service ended the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
