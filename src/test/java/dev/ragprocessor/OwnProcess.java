package dev.ragprocessor;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as a process of its own, with nothing of this one's configuration. */
final class OwnProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;
  private final StringBuilder said = new StringBuilder();

  private OwnProcess(Process process) {
    this.process = process;
    this.lines = process.inputReader();
  }

  static OwnProcess start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-Xmx512m", "--enable-native-access=ALL-UNNAMED", "-classpath"));
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("RAG_"));
    builder.environment().remove("DATABASE_URL");
    builder.environment().putAll(environment);
    return new OwnProcess(builder.start());
  }

  long pid() {
    return process.pid();
  }

  /** Promises what the pattern finds in a line, as soon as it is said. */
  Matcher await(Pattern pattern) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    throw new AssertionError("it ended before it said " + pattern + ":\n" + said);
  }

  /** Promises everything said so far. */
  String said() {
    return said.toString();
  }

  /** Promises its status after SIGTERM, within so many seconds. */
  int terminate(int seconds) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("it has not ended %d s after SIGTERM".formatted(seconds));
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
