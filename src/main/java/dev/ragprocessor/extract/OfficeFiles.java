package dev.ragprocessor.extract;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.poi.util.TempFile;
import org.apache.poi.util.TempFileCreationStrategy;

/**
 * Where POI puts what it unpacks of a file, until it deletes it: names of their own, for this user
 * only. POI's own way is one directory for all programs and users of the machine, which stays, and
 * which nobody can use but the user who happened to make it.
 */
final class OfficeFiles implements TempFileCreationStrategy {
  private static final String PREFIX = "rag-office-";

  private OfficeFiles() {}

  /** To be called before POI reads anything; it knows one way for the whole program. */
  static void use() {
    TempFile.setTempFileCreationStrategy(new OfficeFiles());
  }

  @Override
  public File createTempFile(String prefix, String suffix) throws IOException {
    return Files.createTempFile(PREFIX + prefix, suffix).toFile();
  }

  @Override
  public File createTempDirectory(String prefix) throws IOException {
    return Files.createTempDirectory(PREFIX + prefix).toFile();
  }
}
