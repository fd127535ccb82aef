package dev.ragprocessor.db.demo;

import dev.ragprocessor.db.DatabaseEndpoint;
import java.util.function.Consumer;

/**
 * Two pools of four, the same events, the same two mistakes in turn: one dies at the fifth event,
 * the other does not notice. It needs a PostgreSQL, reads nothing from it and writes nothing to it.
 */
public final class LeakDemo {
  /** Connections in each pool. */
  public static final int POOL_SIZE = 4;

  private static final String DEAD = "dead";

  private final DatabaseEndpoint endpoint;
  private final int events;

  /**
   * @param events of the scoped way, at least 1
   */
  public LeakDemo(DatabaseEndpoint endpoint, int events) {
    if (events < 1) {
      throw new IllegalArgumentException("the demo needs at least one event: " + events);
    }
    this.endpoint = endpoint;
    this.events = events;
  }

  /**
   * How one pool is after an event.
   *
   * @param active connections lent and not back
   * @param idle connections open and not lent
   * @param outcome of the event, in a few words
   */
  public record Side(int active, int idle, String outcome) {}

  /**
   * Both pools after an event.
   *
   * @param event counted from 1
   */
  public record Row(int event, Side leaky, Side scoped) {}

  /**
   * What came of it.
   *
   * @param leakyDiedAt the event at which the leaky pool had nothing left, 0 when it never did
   * @param lastWords what the leaky pool said then
   * @param scopedDone events that the scoped way has done
   * @param scopedActive connections that it has not got back
   */
  public record Result(int leakyDiedAt, String lastWords, int scopedDone, int scopedActive) {}

  /**
   * Promises to run all events on the calling thread.
   *
   * @param rows is shown both pools after every event
   */
  public Result run(Consumer<Row> rows) {
    int diedAt = 0;
    String lastWords = "";
    int done = 0;
    try (Way leaky = new LeakyWay(endpoint, POOL_SIZE);
        Way scoped = new ScopedWay(endpoint, POOL_SIZE)) {
      for (int event = 1; event <= events; event++) {
        Mistake mistake = Mistake.of(event);
        String leakyOutcome = DEAD;
        if (diedAt == 0) {
          try {
            leakyOutcome = leaky.event(mistake);
          } catch (PoolDiedException death) {
            leakyOutcome = "dies: there is no connection";
            lastWords = String.valueOf(death.getMessage());
            diedAt = event;
          }
        }
        String scopedOutcome;
        try {
          scopedOutcome = scoped.event(mistake);
          done++;
        } catch (PoolDiedException death) {
          scopedOutcome = "no connection: " + death.getMessage();
        }
        rows.accept(
            new Row(
                event,
                new Side(leaky.active(), leaky.idle(), leakyOutcome),
                new Side(scoped.active(), scoped.idle(), scopedOutcome)));
      }
      return new Result(diedAt, lastWords, done, scoped.active());
    }
  }
}
