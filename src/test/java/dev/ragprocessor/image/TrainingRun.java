package dev.ragprocessor.image;

import dev.ragprocessor.testing.TestDatabases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the program once through what it does in production, so that the JDK can keep what it learns
 * for later starts; the arguments tell it where. The database is a private PostgreSQL, as the tests
 * have it.
 */
final class TrainingRun {
  private TrainingRun() {}

  /**
   * Trains, or fails with what went wrong.
   *
   * @param arguments the directory with files, where the cache goes, then the command: {@code java
   *     … -jar …}
   */
  public static void main(String[] arguments) throws Exception {
    List<String> command = List.of(arguments).subList(2, arguments.length);
    List<String> trained = new ArrayList<>(command);
    trained.add(1, "-XX:AOTCacheOutput=" + arguments[1]);
    String database = TestDatabases.create();
    try (Traffic traffic = new Traffic(Path.of(arguments[0]))) {
      Served.migrate(command, traffic, database);
      try (Served served = Served.start(trained, traffic, database)) {
        traffic.everything(served.service(), served.admin());
        served.end();
      }
    }
    System.out.println("Trained with " + arguments[0]);
  }
}
