package dev.ragprocessor.extract;

/** How much text fits into one chunk. Thread-safe. */
sealed interface Measure {
  /** Whether a chunk of {@code before} and the text from start to end is small enough. */
  boolean fits(String before, String text, int start, int end);

  /**
   * An end such that what lies before it fits, while not much more would.
   *
   * @param before what the chunk begins with; {@link #leavesRoom} said yes
   * @param limit where the text ends: the answer when all of it fits
   * @return after {@code start}, never inside a surrogate pair
   */
  int most(String before, String text, int start, int limit);

  /** Whether a chunk may begin with this and still hold as much text again. */
  boolean leavesRoom(String before);

  /**
   * UTF-16 units.
   *
   * @param max in a chunk
   */
  record Characters(int max) implements Measure {
    @Override
    public boolean fits(String before, String text, int start, int end) {
      return before.length() + end - start <= max;
    }

    @Override
    public int most(String before, String text, int start, int limit) {
      return CodePoints.end(text, start, reach(max, before, start, limit), limit);
    }

    @Override
    public boolean leavesRoom(String before) {
      return before.length() <= max / 2;
    }
  }

  /**
   * Tokens of the embedding model.
   *
   * @param max in a chunk
   * @param maxCharacters in a chunk all the same, whatever the model reads
   */
  record Tokens(ModelTokens model, int max, int maxCharacters) implements Measure {
    /** The search ends when it is this near, as a part of what fits. */
    private static final int PRECISION = 32;

    @Override
    public boolean fits(String before, String text, int start, int end) {
      return before.length() + end - start <= maxCharacters
          && model.count(before + text.substring(start, end)) <= max;
    }

    /** Doubles until it is too much, then halves the difference. */
    @Override
    public int most(String before, String text, int start, int limit) {
      int end = reach(maxCharacters, before, start, limit);
      int fitting = start;
      int tooMuch = end + 1;
      int next = Math.min(end, start + max);
      while (tooMuch - fitting > Math.max(1, (fitting - start) / PRECISION)) {
        if (model.count(before + text.substring(start, next)) <= max) {
          fitting = next;
        } else {
          tooMuch = next;
        }
        next =
            tooMuch > end ? Math.min(end, start + 2 * (fitting - start)) : (fitting + tooMuch) / 2;
      }
      return CodePoints.end(text, start, fitting, limit);
    }

    @Override
    public boolean leavesRoom(String before) {
      return before.length() <= maxCharacters / 2 && model.count(before) <= max / 2;
    }
  }

  private static int reach(int max, String before, int start, int limit) {
    return (int) Math.min(limit, (long) start + max - before.length());
  }
}
