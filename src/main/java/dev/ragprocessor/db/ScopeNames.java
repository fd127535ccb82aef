package dev.ragprocessor.db;

/** Names for scopes that were given none: the class that the block is written in. */
final class ScopeNames {
  private static final ClassValue<String> NAMES =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          String name = type.getName();
          int lambda = name.indexOf("$$Lambda");
          String outer = lambda < 0 ? name : name.substring(0, lambda);
          return outer.substring(outer.lastIndexOf('.') + 1);
        }
      };

  private ScopeNames() {}

  static String of(Work<?, ?> work) {
    return NAMES.get(work.getClass());
  }
}
