package dev.ragprocessor.db.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** What a private server is told: small, for one developer's machine. */
final class ServerOptions {
  private ServerOptions() {}

  /** Promises settings in the form {@code name=value}, without blanks. */
  static List<String> of(Lifetime lifetime) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "max_connections=100",
                "shared_buffers=128MB",
                // Enough to build an HNSW index of some 20,000 vectors in memory.
                "maintenance_work_mem=128MB",
                // Compiling costs more than the short queries here take.
                "jit=off",
                "cluster_name=rag-processor"));
    switch (lifetime) {
      case KEPT -> {}
      case SCRATCH ->
          settings.addAll(List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off"));
    }
    return settings;
  }

  /** Promises a port of 127.0.0.1 that was free a moment ago. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }
}
