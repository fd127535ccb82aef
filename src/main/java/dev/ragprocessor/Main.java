package dev.ragprocessor;

/** The program's entry. */
public final class Main {
  private Main() {}

  /** Promises to run the command line and to exit with its status ({@link Exit}). */
  public static void main(String[] arguments) {
    System.exit(RagProcessor.commandLine(Terminal.ofProcess()).execute(arguments));
  }
}
