package dev.ragprocessor.db.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Docker's command line, where it is on the PATH.
 *
 * @param path the directories of the PATH
 */
record DockerEngine(List<Path> path) {
  /** pgvector's own image, on the newest PostgreSQL that the schema is tested with. */
  static final String IMAGE = "pgvector/pgvector:pg17";

  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration PULL = Duration.ofMinutes(10);

  /** Promises why it cannot be used; empty when it can. */
  Optional<String> obstacle() {
    Optional<Path> executable = SearchPath.find(path, "docker");
    if (executable.isEmpty()) {
      return Optional.of("no docker on the PATH");
    }
    try {
      int status = Command.of(ANSWER, List.of(executable.get().toString(), "info")).run().status();
      return status == 0 ? Optional.empty() : Optional.of("'docker info' reaches no engine");
    } catch (ClusterException hanging) {
      return Optional.of("'docker info' does not answer");
    }
  }

  /** Promises the program, which is there when there is no {@link #obstacle()}. */
  Path executable() {
    return SearchPath.find(path, "docker")
        .orElseThrow(() -> new ClusterException("There is no docker on the PATH."));
  }

  /** Promises that the image is here, downloaded with visible progress when it was not. */
  void fetchImage(Consumer<String> progress) {
    String docker = executable().toString();
    if (Command.of(ANSWER, List.of(docker, "image", "inspect", IMAGE)).run().status() != 0) {
      progress.accept("Downloading the image " + IMAGE + ".");
      Command.of(PULL, List.of(docker, "pull", IMAGE))
          .mustRun(line -> progress.accept("  " + line));
    }
  }

  /**
   * Promises the arguments that run the server: reachable from this machine only, removed when it
   * ends, its password taken from the environment so that no process list shows it.
   *
   * @param container its name, and the volume's when the data is kept
   * @param port on 127.0.0.1
   */
  static List<String> run(String container, int port, Lifetime lifetime) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "run",
                "--detach",
                "--rm",
                "--name=" + container,
                "--publish=127.0.0.1:" + port + ":5432",
                "--env=POSTGRES_PASSWORD",
                // The default of 64 MiB is too small for a parallel build of an HNSW index.
                "--shm-size=256m"));
    switch (lifetime) {
      case KEPT -> words.add("--volume=" + container + ":/var/lib/postgresql/data");
      // The image's own anonymous volume, which goes with the container.
      case SCRATCH -> {}
    }
    words.add(IMAGE);
    words.add("postgres");
    for (String setting : ServerOptions.of(lifetime)) {
      words.addAll(List.of("-c", setting));
    }
    return words;
  }
}
