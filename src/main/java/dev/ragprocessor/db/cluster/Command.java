package dev.ragprocessor.db.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A program of the operating system, run to its end with nothing on its standard input.
 *
 * @param words the program and its arguments; no secret belongs here, every user can list them
 * @param environment added to this program's
 * @param directory to run in
 * @param limit after which it and all that it started are killed
 */
record Command(
    List<String> words, Map<String, String> environment, Path directory, Duration limit) {
  private static final int KEPT_LINES = 30;

  Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /** Promises a command that runs in the root directory, which every user can enter. */
  static Command of(Duration limit, List<String> words) {
    return new Command(words, Map.of(), Path.of("/"), limit);
  }

  /** Promises what came of it. */
  Finished run() {
    return run(line -> {});
  }

  /**
   * Promises what came of it, and every line of output and errors to {@code progress} as it comes.
   *
   * @throws ClusterException when it cannot be started or does not end in time
   */
  Finished run(Consumer<String> progress) {
    Process process = start();
    Deque<String> last = new ArrayDeque<>();
    Thread reader = Thread.ofVirtual().start(() -> read(process, last, progress));
    try {
      process.getOutputStream().close();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        kill(process);
        throw new ClusterException(
            "'%s' did not end within %d s.".formatted(this, limit.toSeconds()));
      }
      // What it left running may hold the pipe: the end of the output is not waited for long.
      reader.join(Duration.ofSeconds(2));
      synchronized (last) {
        return new Finished(process.exitValue(), List.copyOf(last));
      }
    } catch (InterruptedException interrupt) {
      kill(process);
      Thread.currentThread().interrupt();
      throw new ClusterException("Interrupted while '%s' ran.".formatted(this), interrupt);
    } catch (IOException cause) {
      kill(process);
      throw new ClusterException("'%s' cannot be run.".formatted(this), cause);
    }
  }

  /**
   * Promises that it ended well.
   *
   * @throws ClusterException with the last lines of its output, when it did not
   */
  Finished mustRun(Consumer<String> progress) {
    Finished finished = run(progress);
    if (finished.status() != 0) {
      throw new ClusterException(
          "'%s' ended with status %d:%n%s".formatted(this, finished.status(), finished.output()));
    }
    return finished;
  }

  private Process start() {
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException cause) {
      throw new ClusterException("'%s' cannot be started.".formatted(this), cause);
    }
  }

  private static void read(Process process, Deque<String> last, Consumer<String> progress) {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        synchronized (last) {
          last.addLast(line);
          if (last.size() > KEPT_LINES) {
            last.removeFirst();
          }
        }
        progress.accept(line);
      }
    } catch (IOException cause) {
      // The pipe of a killed process: who killed it says why.
      if (process.isAlive()) {
        throw new UncheckedIOException(cause);
      }
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }

  /**
   * What came of a command.
   *
   * @param status 0 when it ended well
   * @param lines the last of its output and errors
   */
  record Finished(int status, List<String> lines) {
    String output() {
      return String.join(System.lineSeparator(), lines);
    }
  }
}
