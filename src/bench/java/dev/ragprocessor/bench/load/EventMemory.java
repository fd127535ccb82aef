package dev.ragprocessor.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an event in flight takes of the heap: what lives there while hundreds wait for the model,
 * less what lives there while none does.
 */
final class EventMemory {
  private static final int CONNECTIONS = 512;

  /** How long the model takes; less than the answer budget. */
  static final Duration LATENCY = Duration.ofSeconds(7);

  /** For every connection to deliver one event, and none to deliver another. */
  private static final Duration ONE_EACH = Duration.ofSeconds(1);

  /** Until all events wait for the model, or none is there any more. */
  private static final Duration ARRIVAL = Duration.ofSeconds(5);

  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
  private static final Pattern EVENTS =
      Pattern.compile(
          "(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+dev\\.ragprocessor\\.ingest\\.EventWork");

  private EventMemory() {}

  /**
   * What was found.
   *
   * @param events that were in flight
   * @param bytes of heap for each, its connection included
   */
  record Result(int chunks, int events, long bytes) {}

  /** Promises the bytes of an event whose document has so many chunks. */
  static Result measure(ServiceProcess service, Load load, int chunks) throws Exception {
    // Its code and its pools are there, and what a first event leaves behind.
    load.run(CONNECTIONS, chunks, ONE_EACH);
    // Answers come when the budget is over, and some of the work behind them later.
    long idle = number(TOTAL, when(service.pid(), events -> events == 0));
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> answers = thread.submit(() -> load.run(CONNECTIONS, chunks, ONE_EACH));
      String histogram = when(service.pid(), waiting -> waiting >= CONNECTIONS);
      answers.get();
      int events = (int) number(EVENTS, histogram);
      return new Result(chunks, events, (number(TOTAL, histogram) - idle) / events);
    }
  }

  /** Promises what lives as soon as there are so many events, or after some time. */
  private static String when(long pid, LongPredicate enough) throws IOException {
    long begun = System.nanoTime();
    while (true) {
      String histogram = histogram(pid);
      boolean late = System.nanoTime() - begun > ARRIVAL.toNanos();
      if (late || enough.test(EVENTS.matcher(histogram).find() ? number(EVENTS, histogram) : 0)) {
        return histogram;
      }
    }
  }

  /** Promises what lives, by class; what does not is collected first. */
  private static String histogram(long pid) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static long number(Pattern pattern, String histogram) {
    Matcher found = pattern.matcher(histogram);
    if (!found.find()) {
      throw new IllegalStateException("jcmd says: " + histogram.lines().findFirst().orElse(""));
    }
    return Long.parseLong(found.group(1));
  }
}
