package dev.ragprocessor.db;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a connection right now: at least one slot for every permit, so that entering and
 * leaving cost one atomic write each and nothing is allocated. Safe for use by many threads.
 */
final class Holds {
  /** The slot of a hold that has none yet. */
  static final int NONE = -1;

  private final AtomicReferenceArray<@Nullable Hold> slots;

  Holds(int size) {
    slots = new AtomicReferenceArray<>(Math.max(1, Integer.highestOneBit(2 * size - 1)));
  }

  /** Promises the slot that the hold now has; whoever has a permit finds a free one. */
  int enter(Hold hold) {
    int mask = slots.length() - 1; // a power of two: a division would cost more than the rest
    int start = (int) hold.owner().threadId();
    for (int tried = 0; tried < 1_000 * slots.length(); tried++) {
      int slot = (start + tried) & mask;
      if (slots.compareAndSet(slot, null, hold)) {
        return slot;
      }
    }
    throw new IllegalStateException("more holds than permits: " + slots.length());
  }

  /** Promises that the slot is free for the next one; to be called before the permit goes back. */
  void leave(int slot) {
    if (slot != NONE) {
      slots.setRelease(slot, null);
    }
  }

  int capacity() {
    return slots.length();
  }

  /** Promises the hold in a slot, or null. */
  @Nullable Hold at(int slot) {
    return slots.get(slot);
  }

  /** Promises the hold that began first, or null when there is none. */
  @Nullable Hold longest() {
    Hold longest = null;
    for (int slot = 0; slot < slots.length(); slot++) {
      Hold hold = slots.get(slot);
      if (hold != null && (longest == null || hold.since() - longest.since() < 0)) {
        longest = hold;
      }
    }
    return longest;
  }
}
