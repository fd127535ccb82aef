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
 * The same work for many callers, done together. Whoever comes while nobody is at work leads: waits
 * for a permit as for any scope, and does the work of all who have come meanwhile as well, in one
 * scope and with one statement; they take its result with them. When it is done, the one who has
 * waited longest leads the next. A caller alone waits for nobody; the more there are, the less each
 * costs (group commit: DeWitt et al., Implementation Techniques for Main Memory Database Systems,
 * SIGMOD 1984). When some work waits there is a second leader, who can compute while the first one
 * waits for its commit, and as much as is done together at most has one at once, whoever else is at
 * work. Nobody waits for a leader for long: it may be held up by what is its own. What is so heavy
 * that little would go with it is done by itself. Safe for use by many threads.
 *
 * @param <T> what one caller wants to be done
 * @param <R> what comes of it
 */
public final class Batcher<T, R> {
  /** So many items of a weight must fit for them to wait for each other. */
  private static final int COMPANY = 4;

  /** This part of what is done together at most is worth a second leader. */
  private static final int SECOND = 8;

  private final Scopes scopes;
  private final String name;
  private final int weightLimit;
  private final ToIntFunction<T> weight;
  private final Patience patience;
  private final Together<T, R> work;
  private final Set<Call<T, R>> waiting = new LinkedHashSet<>();
  private int waitingWeight;
  private int leaders; // of whom those at work
  private int ready; // have not begun

  /**
   * @param name of the scopes, as for {@link Scopes#execute(String, Work)}
   * @param weightLimit how much is done together at most; what is heavier than a quarter of it is
   *     done by itself
   * @param weight how much one item is
   * @param patience how long to wait for who leads
   * @param work all of it in one statement that may run twice, as for {@link
   *     Scopes#executeIdempotent}, and changes nothing when it fails
   */
  public Batcher(
      Scopes scopes,
      String name,
      int weightLimit,
      ToIntFunction<T> weight,
      Patience patience,
      Together<T, R> work) {
    this.scopes = scopes;
    this.name = name;
    this.weightLimit = weightLimit;
    this.weight = weight;
    this.patience = patience;
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
    if (mine.weight * COMPANY > weightLimit) {
      return alone(item);
    }
    join(mine);
    try {
      awaitTurn(mine);
      if (isMyTurn(mine)) {
        lead(mine);
      }
    } finally {
      handOn(mine);
    }
    return switch (mine.await(name)) {
      case Answer.Given<R>(R result) -> result;
      case Answer.Failed<R>(RuntimeException failure) -> throw failure;
      case Answer.Alone<R>() -> alone(item);
    };
  }

  /** Promises how many callers nobody has begun to work for. */
  synchronized int waiting() {
    return waiting.size();
  }

  private void awaitTurn(Call<T, R> mine) {
    if (mine.turn.isDone()) {
      return;
    }
    TurnWaitEvent event = new TurnWaitEvent();
    event.begin();
    try {
      patience.await(mine.turn);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      if (leave(mine)) {
        throw interrupted(name, interruption);
      }
    } finally {
      event.scope = name;
      event.done = mine.answer.isDone();
      event.commit();
    }
  }

  private void lead(Call<T, R> mine) {
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
        led.get(index).answer(new Answer.Given<>(results.get(index)));
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
      led.forEach(call -> call.answer(new Answer.Alone<>()));
      throw failure;
    }
  }

  private R alone(T item) {
    return scopes.executeIdempotent(name, db -> work.run(db, List.of(item))).getFirst();
  }

  private synchronized void join(Call<T, R> call) {
    waiting.add(call);
    waitingWeight += call.weight;
    if (needsLeader()) {
      appoint(call);
    }
  }

  /** Promises whether so much waits that those who lead should not do it, or if nobody does. */
  private boolean needsLeader() {
    int enough =
        switch (leaders) {
          case 0 -> 1;
          case 1 -> weightLimit / SECOND;
          default -> weightLimit;
        };
    return waitingWeight - weightLimit * ready >= enough;
  }

  private void appoint(Call<T, R> call) {
    call.leads = true;
    leaders++;
    ready++;
    call.turn.complete(null);
  }

  /** Promises whether nobody has begun the work; whoever has waited enough leads then. */
  private synchronized boolean isMyTurn(Call<T, R> call) {
    boolean waits = waiting.contains(call);
    if (waits && !call.leads) {
      appoint(call);
    }
    return waits;
  }

  /** Promises whether nobody has begun the work, and that nobody will. */
  private synchronized boolean leave(Call<T, R> call) {
    boolean waited = waiting.remove(call);
    if (waited) {
      waitingWeight -= call.weight;
    }
    return waited;
  }

  /**
   * Promises the caller's own work and what goes with it; nothing where somebody has it already.
   */
  private synchronized List<Call<T, R>> take(Call<T, R> mine) {
    mine.begun = true;
    ready--;
    if (!leave(mine)) {
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
        waitingWeight -= call.weight;
        batch.add(call);
        total += call.weight;
      }
    }
    return batch;
  }

  /** Whoever led leads no more; if nobody does then, the next one will. */
  private synchronized void handOn(Call<T, R> call) {
    if (call.leads) {
      leaders--;
      if (!call.begun) {
        ready--;
      }
    }
    if (needsLeader()) {
      waiting.stream().filter(next -> !next.leads).findFirst().ifPresent(this::appoint);
    }
  }

  private static <T, R> List<T> items(List<Call<T, R>> calls) {
    return calls.stream().map(call -> call.item).toList();
  }

  private static <T, R> void fail(List<Call<T, R>> calls, RuntimeException failure) {
    boolean ofAll = failure instanceof DatabaseException || calls.size() == 1;
    for (Call<T, R> call : calls) {
      call.answer(ofAll ? new Answer.Failed<>(failure) : new Answer.Alone<>());
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

  /** How long to wait for another. */
  @FunctionalInterface
  public interface Patience {
    /** Waits until this has ended, and some milliseconds at most. */
    void await(CompletableFuture<?> end) throws InterruptedException;
  }

  private static DatabaseConnectionException interrupted(
      String name, InterruptedException interruption) {
    return new DatabaseConnectionException(
        "Interrupted while another did the work of " + name,
        interruption,
        Verdict.RETRYABLE,
        false);
  }

  /** What one caller waits for: first for its turn to lead, or for its answer at once. */
  private static final class Call<T, R> {
    private final T item;
    private final int weight;
    private final CompletableFuture<Void> turn = new CompletableFuture<>();
    private final CompletableFuture<Answer<R>> answer = new CompletableFuture<>();
    private boolean leads; // guarded by the batcher, as is the next
    private boolean begun;

    Call(T item, int weight) {
      this.item = item;
      this.weight = weight;
    }

    void answer(Answer<R> given) {
      answer.complete(given);
      turn.complete(null);
    }

    // Somebody else's scope may still be open; that it ends is the watchdog's business.
    Answer<R> await(String name) {
      try {
        return answer.get();
      } catch (InterruptedException interruption) {
        Thread.currentThread().interrupt();
        throw interrupted(name, interruption);
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
