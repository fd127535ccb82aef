package dev.ragprocessor.db.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;

/** The user of the operating system that runs the server: initdb and postgres refuse root. */
sealed interface Account {
  /** Promises the words that run a command as this user. */
  List<String> command(List<String> words);

  /**
   * Promises that a file or directory belongs to this user.
   *
   * @throws ClusterException when there is no such user
   */
  void own(Path path) throws IOException;

  /** Whether this program runs as root. */
  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /**
   * Promises who can run a server: this user, or as root the user {@code postgres}, which every
   * distribution's server package makes.
   */
  static Account ofServer() {
    return isRoot() ? new Postgres() : new Self();
  }

  /** The user of this program. */
  record Self() implements Account {
    @Override
    public List<String> command(List<String> words) {
      return words;
    }

    @Override
    public void own(Path path) {}
  }

  /** The user {@code postgres}, on behalf of root. */
  record Postgres() implements Account {
    @Override
    public List<String> command(List<String> words) {
      List<String> command = new ArrayList<>(List.of("runuser", "-u", "postgres", "--"));
      command.addAll(words);
      return command;
    }

    @Override
    public void own(Path path) throws IOException {
      try {
        UserPrincipalLookupService users = path.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(path, users.lookupPrincipalByName("postgres"));
      } catch (UserPrincipalNotFoundException cause) {
        throw new ClusterException(
            "PostgreSQL does not run as root, and there is no user postgres to run it: create that"
                + " user, or run this program as another user than root.",
            cause);
      }
    }
  }
}
