package dev.ragprocessor.http;

import org.jspecify.annotations.Nullable;

/** A port cannot be listened on, most often because another program does; the start is refused. */
public final class PortUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param setting the key that chooses the port
   */
  PortUnavailableException(String host, int port, String setting, @Nullable Throwable cause) {
    super(
        "%s:%d cannot be listened on: another program uses it, or the address is not this machine's. Choose another with %s"
            .formatted(host, port, setting),
        cause);
  }
}
