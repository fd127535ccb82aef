package dev.ragprocessor.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Makes an HTTP/1.1 connection with time limits of every socket that is accepted, and knows those
 * that are open. Safe for any number of threads.
 */
final class Connections implements ServerConnectionSelector, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Connections.class.getName());

  /** A client that takes no answer, or has no request, has so much more than its time, at most. */
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final HttpLimits limits;
  private final AcceptedSockets sockets;
  private final Http1ConnectionSelector http;
  private final Set<BoundedConnection> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("http-limits").factory());

  private volatile boolean ending;

  Connections(HttpLimits limits, AcceptedSockets sockets) {
    this.limits = limits;
    this.sockets = sockets;
    // The wire tells 431 first; Helidon's own limit would be a 400.
    this.http =
        Http1ConnectionSelector.builder()
            .config(
                Http1Config.builder()
                    .maxPrologueLength(limits.maxHeaderBytes() / 2)
                    .maxHeadersSize(2 * limits.maxHeaderBytes() + 8 * 1024)
                    .continueImmediately(false)
                    .receiveLog(false)
                    .sendLog(false)
                    .build())
            .build();
    // Now and then for all: to schedule and cancel it for each answer would wake a thread each
    // time.
    long shortest = Math.min(limits.writeTime().toMillis(), limits.idleTime().toMillis());
    long pause = Math.clamp(shortest / 4, 1, LONGEST_PAUSE_MILLIS);
    Future<?> _ =
        watch.scheduleWithFixedDelay(this::closeLate, pause, pause, TimeUnit.MILLISECONDS);
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    Wire wire =
        new Wire(sockets.take(context.remotePeer().address()), context.serverSocket(), limits);
    ServerConnection connection = http.connection(new BoundedContext(context, wire));
    return new BoundedConnection((Http1Connection) connection, wire, this);
  }

  void opened(BoundedConnection connection) {
    open.add(connection);
  }

  void closed(BoundedConnection connection) {
    open.remove(connection);
  }

  /** Promises how many connections are open. */
  int open() {
    return open.size();
  }

  /** Promises how many sockets were accepted that no connection has been made of. */
  int unclaimed() {
    return sockets.size();
  }

  /** Promises whether {@link #lastAnswers} or {@link #end} was called. */
  boolean isEnding() {
    return ending;
  }

  /** From now on every answer is its connection's last: whoever has more to ask comes back. */
  void lastAnswers() {
    ending = true;
  }

  /** Ends every connection that waits for a request, and any other with its answer. */
  void end() {
    ending = true;
    open.forEach(BoundedConnection::closeIfIdle);
  }

  private void closeLate() {
    long now = System.nanoTime();
    for (BoundedConnection connection : open) {
      try {
        connection.closeIfLate(now, limits.writeTime());
      } catch (UncheckedIOException broken) {
        // It is as good as closed, and the next looks must not end with it.
        LOG.log(System.Logger.Level.DEBUG, "A connection could not be closed", broken);
      }
    }
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  /** Ends every connection now; one whose handler hears no interrupt would stay open for ever. */
  @Override
  public void close() {
    watch.shutdownNow();
    open.forEach(BoundedConnection::closeNow);
  }
}
