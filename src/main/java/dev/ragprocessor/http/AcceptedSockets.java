package dev.ragprocessor.http;

import io.helidon.common.socket.SocketOptions;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hands each accepted socket to the connection that is made of it: Helidon 4.1 has no time limit
 * for reading a request and keeps the socket to itself, but lets the options configure it.
 */
final class AcceptedSockets implements SocketOptions {
  private final SocketOptions options = SocketOptions.builder().tcpNoDelay(true).build();
  private final Duration firstRead;
  private final Map<SocketAddress, Socket> accepted = new ConcurrentHashMap<>();

  /**
   * @param firstRead the longest wait for a connection's first bytes
   */
  AcceptedSockets(Duration firstRead) {
    this.firstRead = firstRead;
  }

  @Override
  public void configureSocket(Socket socket) {
    options.configureSocket(socket);
    accepted.put(socket.getRemoteSocketAddress(), socket);
  }

  /**
   * Promises the socket of that peer, once.
   *
   * @throws IllegalStateException when there is none
   */
  Socket take(SocketAddress peer) {
    Socket socket = accepted.remove(peer);
    if (socket == null) {
      throw new IllegalStateException("No socket was accepted from " + peer);
    }
    return socket;
  }

  /** Promises how many wait to be taken. */
  int size() {
    return accepted.size();
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return options.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return options.connectTimeout();
  }

  @Override
  public Duration readTimeout() {
    return firstRead;
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return options.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return options.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return options.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return options.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return options.tcpNoDelay();
  }
}
