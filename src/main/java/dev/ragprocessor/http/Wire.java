package dev.ragprocessor.http;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads a connection's bytes within a time and a volume for each part of a request, so that half a
 * request never stays open.
 *
 * <p>Every read waits no longer than what is left of the part's time. A part that is late or too
 * large is answered with 408, 413 or 431; a connection that is silent is closed without a word.
 * Belongs to the connection's thread; only the methods that close it may be called from another.
 */
final class Wire {
  /** How long, and for how many bytes, a client that was refused may go on talking. */
  private static final Duration LINGER_TIME = Duration.ofSeconds(1);

  private static final int LINGER_BYTES = 4 * 1024 * 1024;

  /** So much of a file that is uploaded has the time of a body. */
  private static final long STRETCH_BYTES = 1024L * 1024;

  /** RFC 6585, section 5; Helidon 4.1 does not have it. */
  private static final Status HEADERS_TOO_LARGE =
      Status.create(431, "Request Header Fields Too Large");

  private enum Part {
    IDLE,
    HEADERS,
    BODY,
    REST
  }

  private final Socket socket;
  private final HelidonSocket bytes;
  private final HttpLimits limits;

  private volatile Part part;
  private volatile long deadline;
  private long received;
  private long maxBody;
  private long stretchEnd;
  private volatile long writingSince;
  private volatile boolean writing;

  Wire(Socket socket, HelidonSocket bytes, HttpLimits limits) {
    this.socket = socket;
    this.bytes = bytes;
    this.limits = limits;
    begin(Part.HEADERS, limits.headerTime());
  }

  /** The connection waits for its next request. */
  void idle() {
    begin(Part.IDLE, limits.idleTime());
  }

  /** The headers are read; what comes next is the body. */
  void body() {
    begin(Part.BODY, limits.bodyTime());
  }

  /**
   * The body is a file: its bytes may be more than those of other bodies, and each MiB of them has
   * the time of one.
   */
  void upload(long maxBytes) {
    maxBody = maxBytes;
    stretchEnd = received + STRETCH_BYTES;
  }

  /** What is left of a body that nobody wants: it is read for a second at most. */
  void rest() {
    begin(Part.REST, LINGER_TIME);
  }

  private void begin(Part next, Duration time) {
    deadline = System.nanoTime() + time.toNanos();
    part = next; // after its deadline: see closeIfIdleTooLong
    received = 0;
    maxBody = limits.maxBodyBytes();
    stretchEnd = Long.MAX_VALUE;
  }

  /**
   * Promises the next bytes; null when the client has ended its side.
   *
   * @throws RequestException when the part is late or too large
   * @throws CloseConnectionException when nothing came, or the connection broke
   */
  byte @Nullable [] next() {
    requireRoom();
    byte[] read = read();
    if (read != null) {
      if (part == Part.IDLE) {
        begin(Part.HEADERS, limits.headerTime());
      }
      received += read.length;
      if (received >= stretchEnd) {
        stretchEnd = received + STRETCH_BYTES;
        deadline = System.nanoTime() + limits.bodyTime().toNanos();
      }
    }
    return read;
  }

  private byte @Nullable [] read() {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw late();
    }
    try {
      // Most time is spent idle; to be woken from that is left to one look at all connections,
      // because a time for each read wakes the timer of the virtual threads twice.
      socket.setSoTimeout(part == Part.IDLE ? 0 : (int) Math.max(1, left / 1_000_000));
      return bytes.get();
    } catch (UncheckedIOException failure) {
      if (failure.getCause() instanceof SocketTimeoutException) {
        throw late();
      }
      throw new ServerConnectionException("The connection broke", failure);
    } catch (IOException failure) {
      throw new ServerConnectionException("The connection broke", failure);
    }
  }

  private RuntimeException late() {
    return switch (part) {
      case IDLE -> new CloseConnectionException("No request came in time");
      case HEADERS ->
          received == 0
              ? new CloseConnectionException("No request came in time")
              : refused(Status.REQUEST_TIMEOUT_408, "The headers did not arrive in time");
      case BODY -> refused(Status.REQUEST_TIMEOUT_408, "The body did not arrive in time");
      case REST -> new CloseConnectionException("The rest of the body did not arrive in time");
    };
  }

  /** Chunks need bytes of their own; twice the body is more than any sensible client spends. */
  private void requireRoom() {
    if (part == Part.HEADERS && received >= limits.maxHeaderBytes()) {
      throw refused(HEADERS_TOO_LARGE, "The headers are larger than allowed");
    }
    if (part == Part.BODY && received > 2L * maxBody + limits.maxHeaderBytes()) {
      throw refused(Status.REQUEST_ENTITY_TOO_LARGE_413, "The body is larger than allowed");
    }
  }

  private static RequestException refused(Status status, String detail) {
    return RequestException.builder()
        .type(DirectHandler.EventType.OTHER)
        .status(status)
        .setKeepAlive(false)
        .message(detail)
        .build();
  }

  /**
   * Ends our side and reads what the client still sends, for a bounded time and volume: closing at
   * once would make the client's kernel throw away the answer that it has not read yet.
   */
  void linger() throws IOException {
    if (socket.isClosed()) {
      return;
    }
    socket.shutdownOutput();
    rest();
    while (received < LINGER_BYTES && next() != null) {
      // what is read is not wanted
    }
  }

  /** Ends the connection now if it waits for its next request. */
  void closeIfIdle() {
    if (part == Part.IDLE || (part == Part.HEADERS && received == 0)) {
      close();
    }
  }

  /** Ends the connection now if it has waited for its next request for longer than it may. */
  void closeIfIdleTooLong(long nanoTime) {
    if (part == Part.IDLE && deadline - nanoTime <= 0) {
      close();
    }
  }

  /** Runs what writes; see {@link #closeIfWritingSince}. */
  void write(Runnable answer) {
    writingSince = System.nanoTime();
    writing = true;
    try {
      answer.run();
    } finally {
      writing = false;
    }
  }

  /** Ends the connection now if it has been writing since then or before. */
  void closeIfWritingSince(long nanoTime) {
    if (writing && writingSince - nanoTime <= 0) {
      close();
    }
  }

  /** Ends the connection now. */
  void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
