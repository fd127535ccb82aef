package dev.ragprocessor.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.ragprocessor.telemetry.recording.RecordingSettings;
import dev.ragprocessor.telemetry.recording.Recordings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** An {@link IngestLoad} in a process of its own, which delivers so many events when told to. */
public final class IngestProcess implements AutoCloseable {
  /** Of USER_HZ, a hundred a second on every Linux that Java runs on. */
  private static final long TICK_NANOS = 10_000_000;

  private final Process process;
  private final BufferedReader answers;

  private IngestProcess(Process process) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * @param recorded whether it is recorded from its start on, as the shipped profile says
   */
  static IngestProcess start(boolean recorded) throws IOException {
    return new IngestProcess(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:-UseDynamicNumberOfCompilerThreads", // one that ends takes its time with it
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                IngestProcess.class.getName(),
                Boolean.toString(recorded))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** Has it deliver so many events; {@link #nanos} waits for them. */
  void begin(int events) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(events + "\n").flush();
  }

  /** Promises the processor time that the events took, what the JIT compiler needed left out. */
  long nanos() throws IOException {
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the process has ended: " + process);
    }
    return Long.parseLong(answer);
  }

  /** Ends it, and waits until it has put away its database. */
  @Override
  public void close() throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).close();
    process.onExit().join();
  }

  /** Takes whether to record; reads numbers of events, and answers with nanoseconds. */
  public static void main(String[] arguments) throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    try (BufferedReader orders =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        IngestLoad load = IngestLoad.open();
        Recordings recordings = new Recordings(RecordingSettings.DEFAULT)) {
      if (Boolean.parseBoolean(arguments[0])
          && recordings.start(recordings.maxDuration()).isEmpty()) {
        throw new IllegalStateException("the recording did not start");
      }
      orders
          .lines()
          .mapToInt(Integer::parseInt)
          .forEach(
              events -> {
                long before = system.getProcessCpuTime() - compilersNanos();
                load.deliver(events);
                System.out.println(system.getProcessCpuTime() - compilersNanos() - before);
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The threads' times as Linux has them, proc(5): the JVM tells nobody of its compilers'. */
  private static long compilersNanos() {
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      return threads.mapToLong(IngestProcess::compilerNanos).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long compilerNanos(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      int name = stat.indexOf('(') + 1;
      if (!stat.startsWith("C1 Comp", name) && !stat.startsWith("C2 Comp", name)) {
        return 0;
      }
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(afterName[11]) + Long.parseLong(afterName[12])) * TICK_NANOS;
    } catch (NoSuchFileException ended) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
