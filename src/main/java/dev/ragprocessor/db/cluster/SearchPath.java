package dev.ragprocessor.db.cluster;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The directories of the environment's PATH. */
final class SearchPath {
  private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

  private SearchPath() {}

  /** Promises the absolute directories of the PATH, in order. */
  static List<Path> directories() {
    String path = System.getenv().getOrDefault("PATH", "");
    return SEPARATOR
        .splitAsStream(path)
        .filter(directory -> directory.startsWith("/"))
        .map(Path::of)
        .toList();
  }

  /** Promises the first program of that name. */
  static Optional<Path> find(List<Path> directories, String program) {
    return directories.stream()
        .map(directory -> directory.resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
