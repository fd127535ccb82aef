package dev.ragprocessor.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Writes what no HTTP client would, and reads what comes back. Strings are ISO-8859-1 bytes. */
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  /** What a binary event has before the headers that tell its length. */
  static final String EVENT_HEADERS =
      """
      POST / HTTP/1.1
      Host: localhost
      ce-specversion: 1.0
      ce-id: 1
      ce-source: //storage.googleapis.com/projects/_/buckets/b
      ce-type: google.cloud.storage.object.v1.finalized
      Content-Type: application/json
      """;

  static final String BODY = "{\"bucket\":\"b\",\"name\":\"a.txt\",\"generation\":1}";

  private final Socket socket;

  RawClient(int port) throws IOException {
    this(port, Duration.ofMillis(PATIENCE_MILLIS));
  }

  /**
   * @param connecting how long to wait for the server's kernel
   */
  RawClient(int port, Duration connecting) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        Math.toIntExact(connecting.toMillis()));
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /** Waits no longer than that for bytes. */
  RawClient patience(Duration longest) throws IOException {
    socket.setSoTimeout(Math.toIntExact(longest.toMillis()));
    return this;
  }

  /** Sends lines as HTTP ends them. */
  RawClient lines(String text) throws IOException {
    return bytes(text.replace("\n", "\r\n"));
  }

  RawClient bytes(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Ends our side. */
  RawClient end() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Promises everything until the server ends its side; fails when it resets the connection. */
  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Promises how many bytes come until the connection ends, in whatever way. */
  int drain() throws IOException {
    int bytes = 0;
    try {
      for (int more = 0; more >= 0; more = socket.getInputStream().read(new byte[64 * 1024])) {
        bytes += more;
      }
    } catch (SocketException reset) {
      return bytes;
    }
    return bytes;
  }

  /** Promises one answer, headers and content. */
  String readAnswer() throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    while (!answer.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return answer.toString(StandardCharsets.ISO_8859_1);
      }
      answer.write(next);
    }
    String headers = answer.toString(StandardCharsets.ISO_8859_1);
    String length =
        headers
            .lines()
            .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
            .findFirst()
            .orElse("content-length: 0");
    int bytes = Integer.parseInt(length.substring(length.indexOf(':') + 1).strip());
    return headers
        + new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
