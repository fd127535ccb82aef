package dev.ragprocessor.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.ragprocessor.telemetry.recording.RecordingSettings;
import dev.ragprocessor.telemetry.recording.Recordings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One process that is recorded and is not, in turns: the JIT compiler never makes the same code
 * twice, so two processes differ by more than a recording costs, and only the same code can be
 * compared with itself. That it has compiled the events' commits too is no matter, as every process
 * of the service may be recorded.
 */
public final class RecordingRound {
  /** Events until the JIT compiler has little left to do; at 3,200 it was still at work. */
  private static final int WARM_UP = 12_000;

  /** Of each sort. */
  private static final int TURNS = 16;

  /** Events of a turn that are not counted: a recording that always runs is not always starting. */
  private static final int SETTLING = 200;

  /** Of USER_HZ, a hundred a second on every Linux that Java runs on. */
  private static final long TICK_NANOS = 10_000_000;

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final IngestLoad load;
  private final Recordings recordings;

  private RecordingRound(IngestLoad load, Recordings recordings) {
    this.load = load;
    this.recordings = recordings;
  }

  /** Takes the number of events and a seed for the turns' order; prints the ratio. */
  public static void main(String[] arguments) {
    try (IngestLoad load = IngestLoad.open();
        Recordings recordings = new Recordings(RecordingSettings.DEFAULT)) {
      System.out.println(
          new RecordingRound(load, recordings)
              .ratio(Integer.parseInt(arguments[0]), new Random(Long.parseLong(arguments[1]))));
    }
  }

  /** Runs a round in a process of its own, and promises its ratio. */
  static double run(int events, int seed) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:-UseDynamicNumberOfCompilerThreads", // one that ends takes its time with it
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                RecordingRound.class.getName(),
                Integer.toString(events),
                Integer.toString(seed))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Double.parseDouble(answer.strip());
  }

  private double ratio(int events, Random order) {
    recorded(WARM_UP / 2);
    load.deliver(WARM_UP / 2);
    long with = 0;
    long without = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      boolean first = order.nextBoolean();
      with += first ? recorded(events / TURNS) : 0;
      without += nanos(events / TURNS);
      with += first ? 0 : recorded(events / TURNS);
    }
    return (double) with / without;
  }

  private long recorded(int events) {
    if (recordings.start(recordings.maxDuration()).isEmpty()) {
      throw new IllegalStateException("the recording did not start");
    }
    long nanos = nanos(events);
    recordings.discard();
    return nanos;
  }

  /** The processor time that the events take, what the JIT compiler needs meanwhile left out. */
  private long nanos(int events) {
    load.deliver(SETTLING);
    long before = system.getProcessCpuTime() - compilersNanos();
    load.deliver(events);
    return system.getProcessCpuTime() - compilersNanos() - before;
  }

  /** The threads' times as Linux has them, proc(5): the JVM tells nobody of its compilers'. */
  private static long compilersNanos() {
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      return threads.mapToLong(RecordingRound::compilerNanos).sum();
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
