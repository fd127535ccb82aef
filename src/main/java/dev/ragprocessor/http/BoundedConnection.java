package dev.ragprocessor.http;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * One connection, and the request that it is at: what of the body was read, and how the connection
 * ends. Its requests find it by {@link #current()}.
 */
final class BoundedConnection implements ServerConnection, InterruptableTask<Void> {
  private static final ScopedValue<BoundedConnection> CURRENT = ScopedValue.newInstance();
  private static final System.Logger LOG = System.getLogger(BoundedConnection.class.getName());

  /** A refused request may send so much more before its connection is given up for it. */
  private static final int MAX_REST_BYTES = 64 * 1024;

  private final Http1Connection connection;
  private final Wire wire;
  private final Connections connections;
  private boolean bodyRequested;
  private boolean unread;

  BoundedConnection(Http1Connection connection, Wire wire, Connections connections) {
    this.connection = connection;
    this.wire = wire;
    this.connections = connections;
  }

  /** Promises the connection of this thread's request. */
  static BoundedConnection current() {
    return CURRENT.get();
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    connections.opened(this);
    try {
      ScopedValue.where(CURRENT, this).call(handling(limit));
      linger();
    } catch (CloseConnectionException closing) {
      if (unread) {
        linger();
      }
      throw closing;
    } finally {
      connections.closed(this);
    }
  }

  private ScopedValue.CallableOp<Boolean, InterruptedException> handling(Limit limit) {
    return () -> {
      connection.handle(limit);
      return true;
    };
  }

  private void linger() {
    try {
      wire.linger();
    } catch (IOException | CloseConnectionException ended) {
      LOG.log(System.Logger.Level.TRACE, "The client did not end its side", ended);
    }
  }

  /** A request begins: its headers are read. */
  void begin() {
    bodyRequested = false;
    unread = false;
    wire.body();
  }

  /** The request is answered and the next may come, unless the server ends. */
  void end(ServerRequest request) {
    wire.idle();
    if (isEnding()) {
      endForGood(request);
    }
  }

  /** Promises whether the server ends, so that every answer is its connection's last. */
  boolean isEnding() {
    return connections.isEnding();
  }

  /**
   * The request is answered and none may follow.
   *
   * @param request whose body, if it was not read, may still be on its way
   * @throws CloseConnectionException always: Helidon 4.1 would read on after {@code Connection:
   *     close}, and take the rest of a body for the next request
   */
  void endForGood(ServerRequest request) {
    unread = !request.content().consumed();
    throw new CloseConnectionException("The answer was the connection's last");
  }

  /** Promises the request's body as a stream, once. */
  InputStream body(ServerRequest request) {
    bodyRequested = true;
    return request.content().inputStream();
  }

  /**
   * Promises the body of a request that uploads a file, once.
   *
   * @param max in bytes, in place of the limit of other bodies
   */
  InputStream upload(ServerRequest request, long max) {
    wire.upload(max);
    return body(request);
  }

  /**
   * Promises whether nothing of the request's body is left, after reading a bounded rest of it for
   * a bounded time. If not, the connection cannot be used for another request.
   */
  boolean drained(ServerRequest request) {
    if (request.content().consumed()) {
      return true;
    }
    boolean awaitsContinue =
        request.headers().contains(HeaderValues.EXPECT_100) && !request.continueSent();
    if (bodyRequested || awaitsContinue || length(request) > MAX_REST_BYTES) {
      return false;
    }
    wire.rest();
    try {
      body(request).readNBytes(MAX_REST_BYTES + 1);
      return request.content().consumed();
    } catch (IOException | RuntimeException broken) {
      // However the rest is broken: the connection is not used again, and the answer says so.
      LOG.log(System.Logger.Level.TRACE, "The rest of a body could not be read", broken);
      return false;
    }
  }

  private static long length(ServerRequest request) {
    return request.headers().contains(HeaderNames.CONTENT_LENGTH)
        ? request.headers().get(HeaderNames.CONTENT_LENGTH).getLong()
        : 0;
  }

  /** Runs what writes the answer; a client that does not take it in time loses its connection. */
  void write(Runnable answer) {
    wire.write(answer);
  }

  /**
   * Writes a part of an answer, and sends it; a client that does not take it in time loses its
   * connection.
   *
   * @throws UncheckedIOException when the connection is lost
   */
  void write(OutputStream answer, byte[] part) {
    write(
        () -> {
          try {
            answer.write(part);
            answer.flush();
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
        });
  }

  /** Ends the connection if it waits for a request. */
  void closeIfIdle() {
    wire.closeIfIdle();
  }

  /**
   * Ends the connection if it has been writing, or has waited for a request, for too long.
   *
   * @param nanoTime now
   * @param writeTime how long it may write
   */
  void closeIfLate(long nanoTime, Duration writeTime) {
    wire.closeIfWritingSince(nanoTime - writeTime.toNanos());
    wire.closeIfIdleTooLong(nanoTime);
  }

  /** Ends the connection, whatever it is at. */
  void closeNow() {
    wire.close();
  }

  @Override
  public boolean canInterrupt() {
    return connection.canInterrupt();
  }

  @Override
  public Duration idleTime() {
    return connection.idleTime();
  }

  @Override
  public void close(boolean interrupt) {
    connection.close(interrupt);
  }
}
