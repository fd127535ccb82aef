package dev.ragprocessor;

/** The program's entry. */
public final class Main {
  private Main() {}

  /** Promises to run the command line and to exit with its status. */
  public static void main(String[] arguments) {}
}
