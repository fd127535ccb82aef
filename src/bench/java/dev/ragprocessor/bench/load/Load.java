package dev.ragprocessor.bench.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A closed loop: each connection delivers an event, waits for the answer and delivers the next. The
 * time counts from when all are connected. After the given time nobody begins another; the time
 * counts until the last answer, so that a long queue flatters nobody.
 */
final class Load {
  private static final String BUCKET = "load";

  private final URI service;
  private final Documents documents;
  // Every event is newer than all before it, also of an object that was stored in an earlier run.
  private final AtomicLong generation = new AtomicLong(System.currentTimeMillis() * 1_000);
  private final AtomicInteger number = new AtomicInteger();

  Load(URI service, Documents documents) {
    this.service = service;
    this.documents = documents;
  }

  /** Promises what became of the events of so many connections. */
  Answers run(int connections, int chunks, Duration time)
      throws ExecutionException, InterruptedException, IOException {
    return run(connections, chunks, time, _ -> Duration.ZERO);
  }

  /**
   * Promises the same.
   *
   * @param patience how long a connection that was refused waits, by how long it is asked to
   */
  Answers run(int connections, int chunks, Duration time, UnaryOperator<Duration> patience)
      throws ExecutionException, InterruptedException, IOException {
    ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    List<Client> clients = clients(connections);
    CountDownLatch over = new CountDownLatch(1);
    long begun = System.nanoTime();
    CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS)
        .execute(over::countDown);
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Client connection : clients) {
        running.add(
            threads.submit(
                () -> {
                  try (Client client = connection) {
                    String name = next(chunks);
                    Duration pause = Duration.ZERO;
                    while (!over.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                      Answer answer = deliver(client, name);
                      answers.add(answer);
                      if (answer.reply().status() / 100 == 2) {
                        name = next(chunks);
                        pause = Duration.ZERO;
                      } else {
                        pause = patience.apply(answer.reply().retryAfter()); // the same again
                      }
                    }
                  }
                  return null;
                }));
      }
    }
    for (Future<?> connection : running) {
      connection.get();
    }
    long last = answers.stream().mapToLong(Answer::came).max().orElse(begun);
    return Answers.of(answers, Duration.ofNanos(last - begun));
  }

  /** Promises connections that are there before the time counts: making one is no delivery. */
  private List<Client> clients(int count) throws IOException {
    List<Client> clients = new ArrayList<>(count);
    try {
      while (clients.size() < count) {
        clients.add(new Client(service));
      }
      return clients;
    } catch (IOException failure) {
      for (Client client : clients) {
        client.close();
      }
      throw failure;
    }
  }

  private String next(int chunks) {
    return documents.name(chunks, number.incrementAndGet());
  }

  private Answer deliver(Client client, String name) throws IOException {
    long sent = System.nanoTime();
    Client.Reply reply = client.deliver(BUCKET, name, generation.incrementAndGet());
    long came = System.nanoTime();
    return new Answer(reply, came - sent, came);
  }

  private record Answer(Client.Reply reply, long nanos, long came) {}

  /**
   * All answers of a run.
   *
   * @param statuses how many answers of each
   * @param took until the last answer
   */
  record Answers(
      Map<Integer, Integer> statuses, double p50Millis, double p99Millis, Duration took) {
    private static Answers of(Iterable<Answer> answers, Duration took) {
      Map<Integer, Integer> statuses = new TreeMap<>();
      long[] nanos = new long[0];
      int count = 0;
      for (Answer answer : answers) {
        statuses.merge(answer.reply().status(), 1, Integer::sum);
        if (count == nanos.length) {
          nanos = Arrays.copyOf(nanos, Math.max(64, 2 * count));
        }
        nanos[count++] = answer.nanos();
      }
      long[] sorted = Arrays.copyOf(nanos, count);
      Arrays.sort(sorted);
      return new Answers(statuses, percentile(sorted, 0.50), percentile(sorted, 0.99), took);
    }

    private static double percentile(long[] sorted, double part) {
      int index = Math.min(sorted.length - 1, (int) Math.ceil(part * sorted.length));
      return sorted.length == 0 ? 0 : sorted[index] / 1e6;
    }

    /** Events whose effect is durable by their answer. */
    int done() {
      return statuses.entrySet().stream()
          .filter(answer -> answer.getKey() / 100 == 2)
          .mapToInt(Map.Entry::getValue)
          .sum();
    }
  }
}
