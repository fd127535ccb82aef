package dev.ragprocessor.http;

import java.time.Duration;

/**
 * What a client may take of this server before any work is done for it.
 *
 * @param maxConnections open at once, and as many again waiting to be accepted; 1 to 65,536
 * @param headerTime for a request's line and headers, from the connection's or the request's first
 *     byte; a connection that says nothing at all ends after it too
 * @param bodyTime for a request's body
 * @param idleTime between two requests of a connection
 * @param writeTime for a client to take an answer
 * @param maxHeaderBytes of the request line and the headers, 1 KiB to 1 MiB; the answer is 431 (414
 *     for the line alone, at half of it)
 * @param maxBodyBytes of a body, 1 KiB to 64 MiB; the answer is 413
 * @param maxDeliveries being read or answered at once, at least 1; the answer is 429
 * @param maxDeliveryBytes of bodies of deliveries at once, at least one body; the answer is 429
 * @param drainDelay between turning unready and refusing deliveries, 0 to 5 min: as long as it
 *     takes until nobody is sent here any more
 * @param shutdownGrace for requests to finish once the server stops; longer than any answer takes
 */
public record HttpLimits(
    int maxConnections,
    Duration headerTime,
    Duration bodyTime,
    Duration idleTime,
    Duration writeTime,
    int maxHeaderBytes,
    int maxBodyBytes,
    int maxDeliveries,
    long maxDeliveryBytes,
    Duration drainDelay,
    Duration shutdownGrace) {

  /** The limits where nothing else is said. */
  public static final HttpLimits DEFAULTS =
      new HttpLimits(
          4_096,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofSeconds(10),
          16 * 1024,
          1024 * 1024,
          1_024,
          64L * 1024 * 1024,
          Duration.ZERO,
          Duration.ofSeconds(20));

  public HttpLimits {
    require(maxConnections >= 1 && maxConnections <= 65_536, "max-connections", maxConnections);
    requireTime(headerTime, "header-time");
    requireTime(bodyTime, "body-time");
    requireTime(idleTime, "idle-time");
    requireTime(writeTime, "write-time");
    boolean delayInRange =
        !drainDelay.isNegative() && drainDelay.compareTo(Duration.ofMinutes(5)) <= 0;
    require(delayInRange, "drain-delay", drainDelay);
    requireTime(shutdownGrace, "shutdown-grace");
    require(maxHeaderBytes >= 1 << 10 && maxHeaderBytes <= 1 << 20, "max-header", maxHeaderBytes);
    require(maxBodyBytes >= 1 << 10 && maxBodyBytes <= 1 << 26, "max-body", maxBodyBytes);
    require(maxDeliveries >= 1, "max-deliveries", maxDeliveries);
    require(maxDeliveryBytes >= maxBodyBytes, "max-delivery-bytes", maxDeliveryBytes);
  }

  private static void requireTime(Duration time, String name) {
    boolean inRange = time.toMillis() >= 1 && time.compareTo(Duration.ofHours(1)) <= 0;
    require(inRange, name, time);
  }

  private static void require(boolean holds, String name, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("server." + name + " is out of range: " + value);
    }
  }
}
