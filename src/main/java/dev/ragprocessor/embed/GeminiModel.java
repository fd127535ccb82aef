package dev.ragprocessor.embed;

import com.google.genai.Client;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.GenAiIOException;
import dev.ragprocessor.embed.EmbeddingException.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * One model of Gemini, asked through the Google Gen AI SDK as often as it lets itself be asked.
 *
 * <ul>
 *   <li>What the model says about its quota holds for every caller. A request that it refuses for
 *       its quota is sent again when the quota is back, as long as that is within the patience;
 *       nothing else is sent twice, the job that asked decides about another try.
 *   <li>Work in bulk runs side by side within a bound, in the order in which it came; what a person
 *       waits for has lanes of its own and passes the queue.
 * </ul>
 *
 * <p>Safe for use by many threads. A request ends within its timeout or at the caller's interrupt.
 */
public final class GeminiModel implements AutoCloseable {
  private final GeminiModelSettings settings;
  private final Client client;
  private final GeminiFailures failures;
  private final ModelQueue queue;

  private GeminiModel(GeminiModelSettings settings, Client client, ModelQueue queue) {
    this.settings = settings;
    this.client = client;
    this.failures = new GeminiFailures(settings.access(), settings.model());
    this.queue = queue;
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
        new ModelQueue(settings, registry, timer));
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
    return queue.each(items, work);
  }

  /**
   * Promises what a person waits for, ahead of all work in bulk and with little patience.
   *
   * @throws EmbeddingException as {@link #each}
   */
  public <R> R first(Asking asking, Request<R> request) {
    return queue.first(asking, () -> send(request));
  }

  /**
   * Promises the answer to one request; to be called from the work of {@link #each}.
   *
   * @throws EmbeddingException when there is none: it says whether trying again can help
   */
  public <R> R ask(Asking asking, Request<R> request) {
    return queue.ask(asking, () -> send(request));
  }

  /** Whether the model has answered once: a refusal from then on is about what was asked. */
  public boolean proven() {
    return queue.proven();
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
    queue.close();
    client.close();
  }

  private <R> R send(Request<R> request) {
    AtomicReference<ErrorAnswer> said = new AtomicReference<>(ErrorAnswer.SILENT);
    try {
      return ErrorAnswers.during(said, () -> request.send(client));
    } catch (ApiException e) {
      throw failures.refused(e.code(), e.status(), e.message(), said.get());
    } catch (GenAiIOException e) {
      throw failures.broken(e);
    } catch (IllegalArgumentException e) {
      throw failures.unsendable(e);
    }
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
}
