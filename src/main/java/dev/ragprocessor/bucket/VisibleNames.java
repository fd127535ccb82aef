package dev.ragprocessor.bucket;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which names of files and folders are names of objects, and which are somebody's scratch. */
final class VisibleNames {
  private VisibleNames() {}

  /** Promises whether a folder's or file's own name may be part of an object's name. */
  static boolean isVisible(String part) {
    return !part.isEmpty()
        && !part.startsWith(".")
        && !part.startsWith("~$")
        && !part.endsWith(".part");
  }

  /**
   * Promises the steps from the bucket's folder to the file; empty when no file can have this name,
   * as with {@code ..}, an empty step, or a hidden one.
   */
  static Optional<List<Path>> steps(String name) {
    if (ObjectName.fault(name).isPresent()) {
      return Optional.empty();
    }
    List<String> parts = List.of(name.split("/", -1));
    if (!parts.stream().allMatch(VisibleNames::isVisible)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parts.stream().map(Path::of).toList());
    } catch (InvalidPathException e) {
      return Optional.empty(); // this file system cannot have such a file
    }
  }

  /**
   * Promises the text of a file's own name; empty when its bytes are not text in the file system's
   * encoding, so that the name would not lead back to the file.
   */
  static Optional<String> text(Path fileName) {
    String text = fileName.toString();
    try {
      return Path.of(text).equals(fileName) ? Optional.of(text) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
