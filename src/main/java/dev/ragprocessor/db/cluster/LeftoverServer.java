package dev.ragprocessor.db.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The server that a program before us may have left: still stopping, orphaned because its
 * supervisor was killed too, or dead with its {@code postmaster.pid} still there.
 */
record LeftoverServer(ClusterHome home, LocalPostgres postgres) {
  private static final Duration STOPPING = Duration.ofSeconds(10);
  private static final Duration STOP = Duration.ofSeconds(45);

  /** Promises that no server runs on the data. The caller has the claim. */
  void end(Consumer<String> progress) {
    Path pidFile = home.data().resolve("postmaster.pid");
    if (Files.notExists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> server = running(pidFile);
    if (server.isPresent()) {
      progress.accept(
          "Waiting for the last run's server (process %d) to end.".formatted(server.get().pid()));
      if (!ended(server.get(), STOPPING)) {
        stop("fast");
      }
      if (!ended(server.get(), Duration.ofSeconds(1))) {
        stop("immediate");
      }
    } else {
      // PostgreSQL itself would refuse when the process id is another program's of this user.
      delete(pidFile);
    }
  }

  private Optional<ProcessHandle> running(Path pidFile) {
    try {
      List<String> lines = Files.readAllLines(pidFile);
      return lines.isEmpty() || !lines.getFirst().matches("\\d{1,18}")
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(lines.getFirst())).filter(this::isOurs);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private boolean isOurs(ProcessHandle process) {
    return process
        .info()
        .commandLine()
        .map(line -> line.contains("postgres") && line.contains(home.data().toString()))
        .orElse(false);
  }

  private static boolean ended(ProcessHandle process, Duration limit) {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stillThere) {
      return false;
    } catch (ExecutionException cause) {
      throw new ClusterException("The last run's server cannot be waited for.", cause);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new ClusterException("Interrupted while the last run's server ended.", interrupt);
    }
  }

  private void stop(String mode) {
    // Its status says "not running" when it ended meanwhile; whether it ended is asked next.
    Command.of(
            STOP,
            home.account()
                .command(
                    List.of(
                        postgres.bin().resolve("pg_ctl").toString(),
                        "--pgdata=" + home.data(),
                        "--mode=" + mode,
                        "--timeout=30",
                        "--wait",
                        "stop")))
        .run();
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }
}
