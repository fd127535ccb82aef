package dev.ragprocessor;

import dev.ragprocessor.ServiceDoor.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Delivers messages again, a bounded number at once. Only what the service has made durable, or
 * what is to be discarded, is done with; everything else stays where it is.
 */
final class Replay {
  /** Also what one pull asks for; the service has limits of its own. */
  private static final int AT_ONCE = 16;

  private static final int DELIVERIES = 6;

  private final DeadLetters letters;
  private final ServiceDoor door;
  private final Malformed malformed;
  private final Ending ending;
  private final Terminal terminal;
  private int taken;
  private int broken;
  private int refused;

  Replay(
      DeadLetters letters,
      ServiceDoor door,
      Malformed malformed,
      Ending ending,
      Terminal terminal) {
    this.letters = letters;
    this.door = door;
    this.malformed = malformed;
    this.ending = ending;
    this.terminal = terminal;
  }

  /** What becomes of a message that the service can never take. */
  enum Malformed {
    LEFT,
    DISCARDED
  }

  /**
   * Promises that the messages were delivered until there are no more, so many were, the service
   * takes no more, or the program ends; and the exit status.
   *
   * @param most at least 1
   * @throws InterruptedException when the thread is interrupted while it waits
   */
  int run(long most) throws InterruptedException {
    try {
      long left = most;
      while (left > 0 && refused == 0 && !ending.await(Duration.ZERO)) {
        List<DeadLetter> batch = letters.next((int) Math.min(AT_ONCE, left));
        if (batch.isEmpty()) {
          break;
        }
        left -= batch.size();
        letters.done(settled(deliver(batch)));
      }
    } finally {
      terminal.say(
          "%,d messages: %,d taken, %,d malformed (%s), %,d not taken",
          taken + broken + refused,
          taken,
          broken,
          malformed == Malformed.DISCARDED ? "discarded" : "left",
          refused);
    }
    boolean all = refused == 0 && (broken == 0 || malformed == Malformed.DISCARDED);
    return all ? Exit.DONE : Exit.FAILED;
  }

  private Map<DeadLetter, Answer> deliver(List<DeadLetter> batch) throws InterruptedException {
    Map<DeadLetter, Answer> answers = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<DeadLetter, Future<Answer>> running = new LinkedHashMap<>();
      batch.forEach(letter -> running.put(letter, threads.submit(() -> answer(letter))));
      OtherInstanceException unreachable = null;
      for (Map.Entry<DeadLetter, Future<Answer>> one : running.entrySet()) {
        try {
          answers.put(one.getKey(), one.getValue().get());
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof OtherInstanceException thrown)) {
            throw new IllegalStateException("a message could not be delivered", e);
          }
          unreachable = thrown;
        }
      }
      if (unreachable != null) {
        letters.done(settled(answers)); // what was taken before must not come again for that
        throw unreachable;
      }
    }
    return answers;
  }

  private Answer answer(DeadLetter letter) throws InterruptedException {
    Answer answer = door.deliver(letter);
    for (int delivery = 1; delivery < DELIVERIES; delivery++) {
      if (!(answer instanceof Answer.Later later) || ending.await(later.pause())) {
        return answer;
      }
      answer = door.deliver(letter);
    }
    return answer;
  }

  private List<DeadLetter> settled(Map<DeadLetter, Answer> answers) {
    List<DeadLetter> settled = new ArrayList<>();
    answers.forEach(
        (letter, answer) -> {
          switch (answer) {
            case Answer.Taken() -> {
              taken++;
              settled.add(letter);
            }
            case Answer.Malformed(String reason) -> {
              broken++;
              terminal.say("%s: %s", letter.name(), reason);
              if (malformed == Malformed.DISCARDED) {
                settled.add(letter);
              }
            }
            case Answer.Later later -> {
              refused++;
              terminal.say("%s: not taken: %s", letter.name(), later.reason());
            }
          }
        });
    return settled;
  }
}
