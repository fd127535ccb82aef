package dev.ragprocessor.embed;

import com.google.genai.Client;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.GenAiIOException;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One model of Gemini, asked through the Google Gen AI SDK as often as it lets itself be asked.
 *
 * <ul>
 *   <li>What the model says about its quota holds for every caller ({@link Pace}). A request that
 *       it refuses for its quota is sent again when the quota is back, as long as that is within
 *       the patience; nothing else is sent twice, the job that asked decides about another try.
 *   <li>Work in bulk runs side by side within a bound, in the order in which it came; what a person
 *       waits for has lanes of its own and passes the queue.
 * </ul>
 *
 * <p>Safe for use by many threads. A request ends within its timeout or at the caller's interrupt.
 */
public final class GeminiModel implements AutoCloseable {
  private static final Duration MOST_PATIENCE_OF_PEOPLE = Duration.ofSeconds(5);

  private final GeminiModelSettings settings;
  private final Client client;
  private final GeminiFailures failures;
  private final Admission admission;
  private final RequestMeters meters;
  private final Lanes lanes;
  private final Lanes firstLanes;
  private final Duration firstPatience;
  private volatile boolean proven;

  private GeminiModel(GeminiModelSettings settings, Client client, RequestMeters meters) {
    this.settings = settings;
    this.client = client;
    this.failures = new GeminiFailures(settings.access(), settings.model());
    this.admission = new Admission(settings.model());
    this.meters = meters;
    this.firstPatience =
        settings.patience().compareTo(MOST_PATIENCE_OF_PEOPLE) < 0
            ? settings.patience()
            : MOST_PATIENCE_OF_PEOPLE;
    int concurrent = settings.maxConcurrentRequests();
    // A lane's turn comes at the latest when the requests before it have timed out.
    this.lanes = new Lanes(concurrent, threads(), settings.patience().plus(settings.timeout()));
    this.firstLanes = new Lanes(Math.max(1, concurrent / 4), threads(), firstPatience);
  }

  /**
   * Finds the credentials and opens a client; asks the model nothing.
   *
   * @param timer the name under which requests are timed
   * @throws EmbeddingException MISCONFIGURED when there are no credentials
   */
  public static GeminiModel open(
      GeminiModelSettings settings, MeterRegistry registry, String timer) {
    return new GeminiModel(
        settings,
        GeminiConnection.open(settings, Clock.systemUTC()),
        new RequestMeters(registry, timer, settings.model()));
  }

  /** How it is reached. */
  public GeminiModelSettings settings() {
    return settings;
  }

  /**
   * Promises the results of work in bulk, in the order of the items. After the first failure
   * nothing more is started; what runs may end, since it is paid for, and then that failure is
   * thrown.
   *
   * @param work asks by {@link #ask}
   * @throws EmbeddingException what the work threw; EXHAUSTED when its turn did not come in time;
   *     UNAVAILABLE when the caller was interrupted, with the flag restored
   */
  public <T, R> List<R> each(List<T> items, Function<T, R> work) {
    return lanes.map(items, work);
  }

  /**
   * Promises what a person waits for, ahead of all work in bulk and with little patience.
   *
   * @throws EmbeddingException as {@link #each}
   */
  public <R> R first(Request<R> request) {
    Supplier<R> asked =
        () -> {
          long deadline = System.nanoTime() + firstPatience.toNanos();
          return answered(request, deadline, () -> admission.enterFirst(deadline));
        };
    return firstLanes.map(List.of(asked), Supplier::get).getFirst();
  }

  /**
   * Promises the answer to one request; to be called from the work of {@link #each}.
   *
   * @throws EmbeddingException when there is none: it says whether trying again can help
   */
  public <R> R ask(Request<R> request) {
    long deadline = System.nanoTime() + settings.patience().toNanos();
    return answered(request, deadline, () -> admission.enter(deadline));
  }

  /** Whether the model has answered once: a refusal from then on is about what was asked. */
  public boolean proven() {
    return proven;
  }

  /** An answer that is well-formed and not what was asked for. */
  public EmbeddingException wrong(Kind kind, String what) {
    return failures.wrong(kind, what);
  }

  /** A refusal by a model that has never answered: a wrong setting would fail every document. */
  public EmbeddingException refusedBeforeAnyAnswer(EmbeddingException refusal) {
    return failures.refusedBeforeAnyAnswer(refusal);
  }

  @Override
  public void close() {
    firstLanes.close();
    lanes.close();
    client.close();
  }

  private <R> R answered(Request<R> request, long deadline, Turn turn) {
    while (true) {
      awaitTurn(turn);
      long sent = System.nanoTime();
      try {
        R answer = send(request);
        admission.accepted();
        proven = true;
        meters.answered(since(sent));
        return answer;
      } catch (EmbeddingException e) {
        meters.failed(e.kind(), since(sent));
        if (e.kind() != Kind.EXHAUSTED) {
          throw e;
        }
        admission.refused(sent, e.retryAfter());
        if (!admission.opensBefore(deadline)) {
          throw e;
        }
      }
    }
  }

  private <R> R send(Request<R> request) {
    AtomicReference<ErrorAnswer> said = new AtomicReference<>(ErrorAnswer.SILENT);
    try {
      return ErrorAnswers.during(said, () -> request.send(client));
    } catch (ApiException e) {
      throw failures.refused(e, said.get());
    } catch (GenAiIOException e) {
      throw failures.broken(e);
    } catch (IllegalArgumentException e) {
      throw failures.unsendable(e);
    }
  }

  private static void awaitTurn(Turn turn) {
    try {
      turn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddingException(
          Kind.UNAVAILABLE, "interrupted while waiting for the model", Duration.ZERO, e);
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static ExecutorService threads() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("gemini-", 0).factory());
  }

  /**
   * One request to the model, which may be sent several times.
   *
   * @param <R> what is read from its answer
   */
  @FunctionalInterface
  public interface Request<R> {
    /**
     * Sends it, and reads the answer.
     *
     * @throws EmbeddingException when the answer is not what was asked for
     */
    R send(Client client);
  }

  /** A wait for the right to send one request. */
  private interface Turn {
    void await() throws InterruptedException;
  }
}
