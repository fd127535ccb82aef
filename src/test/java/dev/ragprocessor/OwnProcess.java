package dev.ragprocessor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as a process of its own, with nothing of this one's configuration. */
public final class OwnProcess implements AutoCloseable {
  private static final String HEAP = "512m";

  private final Process process;
  private final BufferedReader lines;
  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private Thread reading = Thread.ofVirtual().start(() -> {});

  private OwnProcess(Process process) {
    this.process = process;
    this.lines = process.inputReader();
  }

  /**
   * Promises a process that has been started.
   *
   * @param environment beside this process' own, without what configures the program
   */
  public static OwnProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(HEAP, List.of(), environment, arguments);
  }

  /** The same with another limit for its heap, as {@code -Xmx} has it. */
  public static OwnProcess startWithin(
      String heap, Map<String, String> environment, String... arguments) throws IOException {
    return start(heap, List.of(), environment, arguments);
  }

  /** The same as the child of a shell, as which this process then counts. */
  static OwnProcess startBelowShell(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(HEAP, List.of("/bin/sh", "-c", "\"$@\" & wait", "sh"), environment, arguments);
  }

  private static OwnProcess start(
      String heap, List<String> before, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-Xmx" + heap, "--enable-native-access=ALL-UNNAMED", "-classpath"));
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("RAG_"));
    builder.environment().remove("DATABASE_URL");
    builder.environment().putAll(environment);
    return new OwnProcess(builder.start());
  }

  /** Promises its number. */
  public long pid() {
    return process.pid();
  }

  /** Promises what the pattern finds in a line, as soon as it is said. */
  public Matcher await(Pattern pattern) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    throw new AssertionError("it ended before it said " + pattern + ":\n" + said());
  }

  /**
   * Goes on reading what it says, so that it never has to wait for a reader; {@link #await} is of
   * no use afterwards.
   */
  public void readOn() {
    reading =
        Thread.startVirtualThread(
            () -> {
              try {
                lines.lines().forEach(said::add);
              } catch (UncheckedIOException ended) {
                said.add(ended.toString());
              }
            });
  }

  /** Promises everything said so far. */
  public String said() {
    return String.join("\n", said) + "\n";
  }

  /** Promises its status after SIGTERM, within so many seconds. */
  public int terminate(int seconds) throws InterruptedException {
    process.toHandle().destroy(); // the process itself would close what is read from it
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("it has not ended %d s after SIGTERM".formatted(seconds));
    }
    reading.join();
    return process.exitValue();
  }

  /** Promises that SIGKILL has ended it. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
