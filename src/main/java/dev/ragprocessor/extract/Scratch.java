package dev.ragprocessor.extract;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary directory of a child process, made and removed by its parent. A child removes
 * nothing: it could not tell its own directory from one that everybody uses.
 */
final class Scratch {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

  /** With the number of the process that made it. */
  private static final String PREFIX = "rag-reading-";

  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,10})-.*");

  /** Numbers of processes come again, and other containers have their own. */
  private static final Duration LEFT_OVER = Duration.ofDays(1);

  private final Path directory;

  private Scratch(Path directory) {
    this.directory = directory;
  }

  /** A new, empty directory. */
  static Scratch create() throws IOException {
    return new Scratch(Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-"));
  }

  Path directory() {
    return directory;
  }

  /** Removes it with all that is in it; what cannot be removed is told in the log. */
  void remove() {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> innermostFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path file : innermostFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn("temporary files in {} cannot be removed", directory, e);
    }
  }

  /** Removes what processes left that were killed. */
  static void removeLeftOvers() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (DirectoryStream<Path> found = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (Path directory : found) {
        if (isLeftOver(directory)) {
          LOG.info("removing {}, left by a process that was killed", directory);
          new Scratch(directory).remove();
        }
      }
    } catch (IOException e) {
      LOG.warn("temporary files in {} cannot be listed", temporary, e);
    }
  }

  private static boolean isLeftOver(Path directory) throws IOException {
    Matcher name = NAME.matcher(String.valueOf(directory.getFileName()));
    if (!name.matches() || !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Optional<ProcessHandle> owner = ProcessHandle.of(Long.parseLong(name.group(1)));
    Instant old = Instant.now().minus(LEFT_OVER);
    return owner.isEmpty() && Files.getLastModifiedTime(directory).toInstant().isBefore(old);
  }
}
