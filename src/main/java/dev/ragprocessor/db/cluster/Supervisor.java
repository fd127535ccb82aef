package dev.ragprocessor.db.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A shell script that starts a server and ends it when this program does, however that is: it reads
 * from a pipe that only this program holds, and the operating system closes that with the program.
 *
 * <p>The script runs in a session of its own where the machine has {@code setsid}, and ignores what
 * a terminal or an init system sends to end programs: the server must outlive the draining of those
 * who use it.
 */
final class Supervisor implements AutoCloseable {
  private static final String READY = "ready";
  private static final Duration STOP = Duration.ofMinutes(1);

  private final Process process;
  private final BufferedReader output;

  private Supervisor(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Promises that the script has printed {@value #READY}, on a line of its own.
   *
   * @param script for {@code sh -c}; after {@value #READY} it must redirect its output, read its
   *     input to the end, and then clean up
   * @param arguments {@code $1} and so on; no secrets
   * @param environment added to this program's
   * @throws ClusterException with what the script printed, when it ended or was not ready in time
   */
  static Supervisor start(
      String script, List<String> arguments, Map<String, String> environment, Duration limit) {
    List<String> words = new ArrayList<>();
    SearchPath.find(SearchPath.directories(), "setsid")
        .ifPresent(setsid -> words.add(setsid.toString()));
    words.addAll(List.of("/bin/sh", "-c", script, "supervisor"));
    words.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(Path.of("/").toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Supervisor supervisor = new Supervisor(builder.start());
      supervisor.awaitReady(limit);
      return supervisor;
    } catch (IOException cause) {
      throw new ClusterException("The server's supervisor cannot be started.", cause);
    }
  }

  /** Ends the server in order, and returns when it has ended; at most {@code 60 s}. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ClusterException(
            "The server's supervisor (process %d) did not end within a minute."
                .formatted(process.pid()));
      }
      output.close();
    } catch (IOException cause) {
      throw new ClusterException("The server's supervisor cannot be told to end.", cause);
    } catch (InterruptedException interrupt) {
      // The pipe is closed: the supervisor ends the server without us.
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady(Duration limit) {
    CompletableFuture<List<String>> failure = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> readUntilReady(failure));
    try {
      List<String> lines = failure.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!lines.isEmpty() && lines.getLast().equals(READY)) {
        return;
      }
      close();
      throw new ClusterException(
          "The server did not start:%n%s".formatted(String.join(System.lineSeparator(), lines)));
    } catch (TimeoutException cause) {
      close();
      throw new ClusterException(
          "The server did not start within %d s.".formatted(limit.toSeconds()), cause);
    } catch (ExecutionException cause) {
      close();
      throw new ClusterException("The server's supervisor cannot be read.", cause);
    } catch (InterruptedException interrupt) {
      close();
      Thread.currentThread().interrupt();
      throw new ClusterException("Interrupted while the server was started.", interrupt);
    }
  }

  private void readUntilReady(CompletableFuture<List<String>> lines) {
    List<String> read = new ArrayList<>();
    try {
      String line = output.readLine();
      while (line != null) {
        read.add(line);
        if (line.equals(READY)) {
          break;
        }
        line = output.readLine();
      }
      lines.complete(read);
    } catch (IOException cause) {
      lines.completeExceptionally(cause);
    }
  }
}
