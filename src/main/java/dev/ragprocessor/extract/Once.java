package dev.ragprocessor.extract;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes a value when it is first asked for, and never again. Thread-safe; who comes while it is
 * made waits. A failure is thrown and not remembered.
 */
final class Once<T> implements Supplier<T> {
  private final Supplier<T> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Optional<T> made = Optional.empty();

  Once(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public T get() {
    Optional<T> present = made;
    if (present.isPresent()) {
      return present.get();
    }
    lock.lock();
    try {
      if (made.isEmpty()) {
        made = Optional.of(maker.get());
      }
      return made.orElseThrow();
    } finally {
      lock.unlock();
    }
  }
}
