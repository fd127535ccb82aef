package dev.ragprocessor;

import java.util.Collection;
import java.util.List;

/** Where messages are that nobody could deliver. Each is handed out once. */
interface DeadLetters extends AutoCloseable {
  /**
   * Promises the next ones; none when there are no more.
   *
   * @param most at least 1
   */
  List<DeadLetter> next(int most);

  /** Promises that these never come again. */
  void done(Collection<DeadLetter> letters);

  /** Gives back everything that is not done. */
  @Override
  void close();
}
