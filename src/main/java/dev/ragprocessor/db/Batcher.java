package dev.ragprocessor.db;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.ToIntFunction;

/**
 * The same work for many callers, done together while they wait for connections. Everybody waits
 * for a permit as for any scope; whoever gets one does the work of those who still wait as well, in
 * one scope and with one statement, and they take its result with them. With free connections
 * nobody waits, and each caller's work is done by itself; the longer the queue, the less each costs
 * (group commit: DeWitt et al., Implementation Techniques for Main Memory Database Systems, SIGMOD
 * 1984). Safe for use by many threads.
 *
 * @param <T> what one caller wants to be done
 * @param <R> what comes of it
 */
public final class Batcher<T, R> {
  private final Scopes scopes;
  private final String name;
  private final int weightLimit;
  private final ToIntFunction<T> weight;
  private final Together<T, R> work;
  private final Set<Call<T, R>> waiting = new LinkedHashSet<>();

  /**
   * @param name of the scopes, as for {@link Scopes#execute(String, Work)}
   * @param weightLimit how much is done together at most; what is heavier is done by itself
   * @param weight how much one item is
   * @param work all of it in one statement that may run twice, as for {@link
   *     Scopes#executeIdempotent}, and changes nothing when it fails
   */
  public Batcher(
      Scopes scopes, String name, int weightLimit, ToIntFunction<T> weight, Together<T, R> work) {
    this.scopes = scopes;
    this.name = name;
    this.weightLimit = weightLimit;
    this.weight = weight;
    this.work = work;
  }

  /**
   * Promises the result of the item's own work, and its own failure: where the work of several
   * fails for one of them, each is done again by itself. A connection that is lost fails all who
   * shared it.
   *
   * @throws DatabaseException as {@link Scopes} says
   */
  public R call(T item) {
    Database.requireOutsideScope(name + " waits for others");
    Call<T, R> mine = new Call<>(item, weight.applyAsInt(item));
    join(mine);
    List<Call<T, R>> led = new ArrayList<>();
    try {
      List<R> results =
          scopes.executeIdempotent(
              name,
              db -> {
                led.addAll(take(mine));
                return led.isEmpty() ? List.of() : work.run(db, items(led));
              });
      for (int index = 0; index < led.size(); index++) {
        led.get(index).answer.complete(new Answer.Given<>(results.get(index)));
      }
    } catch (RuntimeException failure) {
      if (leave(mine)) {
        throw failure;
      }
      // Without any that it led, it was refused while another did its work: that one's answer
      // counts.
      fail(led, failure);
    } catch (Error failure) {
      leave(mine);
      led.forEach(call -> call.answer.complete(new Answer.Alone<>()));
      throw failure;
    }
    return switch (mine.await(name)) {
      case Answer.Given<R>(R result) -> result;
      case Answer.Failed<R>(RuntimeException failure) -> throw failure;
      case Answer.Alone<R>() -> alone(item);
    };
  }

  private R alone(T item) {
    return scopes.executeIdempotent(name, db -> work.run(db, List.of(item))).getFirst();
  }

  private synchronized void join(Call<T, R> call) {
    waiting.add(call);
  }

  /** Promises whether nobody has begun the work, and that nobody will. */
  private synchronized boolean leave(Call<T, R> call) {
    return waiting.remove(call);
  }

  /**
   * Promises the caller's own work and what goes with it; nothing where somebody has it already.
   */
  private synchronized List<Call<T, R>> take(Call<T, R> mine) {
    if (!waiting.remove(mine)) {
      return List.of();
    }
    List<Call<T, R>> batch = new ArrayList<>();
    batch.add(mine);
    int total = mine.weight;
    for (Iterator<Call<T, R>> calls = waiting.iterator();
        calls.hasNext() && total < weightLimit; ) {
      Call<T, R> call = calls.next();
      if (total + call.weight <= weightLimit) {
        calls.remove();
        batch.add(call);
        total += call.weight;
      }
    }
    return batch;
  }

  private static <T, R> List<T> items(List<Call<T, R>> calls) {
    return calls.stream().map(call -> call.item).toList();
  }

  private static <T, R> void fail(List<Call<T, R>> calls, RuntimeException failure) {
    boolean ofAll = failure instanceof DatabaseException || calls.size() == 1;
    for (Call<T, R> call : calls) {
      call.answer.complete(ofAll ? new Answer.Failed<>(failure) : new Answer.Alone<>());
    }
  }

  /**
   * The work for all of them.
   *
   * @param <T> what one caller wants to be done
   * @param <R> what comes of it
   */
  @FunctionalInterface
  public interface Together<T, R> {
    /** Promises one result an item, in their order. */
    List<R> run(Scope db, List<T> items);
  }

  private static final class Call<T, R> {
    private final T item;
    private final int weight;
    private final CompletableFuture<Answer<R>> answer = new CompletableFuture<>();

    Call(T item, int weight) {
      this.item = item;
      this.weight = weight;
    }

    // Somebody else's scope may still be open; that it ends is the watchdog's business.
    Answer<R> await(String name) {
      try {
        return answer.get();
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        throw new DatabaseConnectionException(
            "Interrupted while another did the work of " + name,
            interruption,
            Verdict.RETRYABLE,
            false);
      } catch (ExecutionException e) {
        throw new IllegalStateException("an answer is a value", e);
      }
    }
  }

  private sealed interface Answer<R> {
    record Given<R>(R result) implements Answer<R> {}

    record Failed<R>(RuntimeException failure) implements Answer<R> {}

    /** Together it failed, for whichever of them. */
    record Alone<R>() implements Answer<R> {}
  }
}
