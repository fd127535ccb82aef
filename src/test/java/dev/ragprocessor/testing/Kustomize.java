package dev.ragprocessor.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The renderer that {@code kubectl} has built in; Debian's {@code kubectl} where there is none. */
final class Kustomize {
  private static final Path DEBIANS = Path.of("/usr/bin/kubectl");
  private static final int SECONDS = 60;

  private Kustomize() {}

  /**
   * Promises what {@code kubectl apply -k} would apply.
   *
   * @throws IllegalStateException with the renderer's words, when it refuses
   */
  static String render(Path directory) throws IOException {
    Path output = Files.createTempFile("rag-test-", ".yaml");
    Path errors = Files.createTempFile("rag-test-", ".txt");
    try {
      Process process =
          new ProcessBuilder(List.of(kubectl().toString(), "kustomize", directory.toString()))
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "%s is not rendered:%n%s".formatted(directory, Files.readString(errors)));
      }
      return Files.readString(output);
    } catch (InterruptedException interruption) {
      throw new AssertionError(interruption);
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private static Path kubectl() {
    for (String directory :
        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path program = Path.of(directory, "kubectl");
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    DebianPackages.require("kubectl", DEBIANS, "kubernetes-client");
    return DEBIANS;
  }
}
