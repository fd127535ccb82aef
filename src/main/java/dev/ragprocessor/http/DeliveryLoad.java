package dev.ragprocessor.http;

import io.helidon.http.Status;
import java.time.Duration;

/**
 * How many deliveries, and how many bytes of them, are taken at once; beyond that a delivery is
 * refused before its body is read. Safe for any number of threads; never waits.
 */
final class DeliveryLoad {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final int maxDeliveries;
  private final long maxBytes;
  private int deliveries;
  private long bytes;

  DeliveryLoad(int maxDeliveries, long maxBytes) {
    this.maxDeliveries = maxDeliveries;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes a place for a delivery of that size, until the share is closed.
   *
   * @throws Refusal 429 when there is none
   */
  synchronized Share take(long size) {
    if (deliveries >= maxDeliveries || bytes + size > maxBytes) {
      throw Refusal.later(
          Status.TOO_MANY_REQUESTS_429,
          "%d deliveries with %,d bytes are being taken".formatted(deliveries, bytes),
          RETRY_AFTER);
    }
    deliveries++;
    bytes += size;
    return new Share(this, size);
  }

  private synchronized void giveBack(long size) {
    deliveries--;
    bytes -= size;
  }

  /** Promises how many deliveries are being taken. */
  synchronized int deliveries() {
    return deliveries;
  }

  /** Promises how many bytes the deliveries that are being taken have, at most. */
  synchronized long bytes() {
    return bytes;
  }

  /** A delivery's place; closed once, by who took it. */
  record Share(DeliveryLoad load, long size) implements AutoCloseable {
    @Override
    public void close() {
      load.giveBack(size);
    }
  }
}
