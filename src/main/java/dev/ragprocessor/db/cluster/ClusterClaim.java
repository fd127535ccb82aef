package dev.ragprocessor.db.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * The right of one program to a cluster's directory, until it is closed or the program is dead.
 *
 * <p>The owner's process id and start time stand in a file: unlike a lock that is held, they can be
 * shown to whom is refused, and a process id that was given to another process does not count.
 */
record ClusterClaim(Path ownerFile) implements AutoCloseable {
  /**
   * Promises that no other living program has the directory.
   *
   * @throws ClusterException naming the process that has it
   */
  static ClusterClaim of(ClusterHome home) {
    Path ownerFile = home.directory().resolve("owner");
    try (FileChannel channel =
            FileChannel.open(
                home.directory().resolve("claim.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      Optional<ProcessHandle> owner = livingOwner(ownerFile);
      if (owner.isPresent()) {
        throw new ClusterException(
            "The private cluster in %s is in use by process %d: end that program, or choose another name."
                .formatted(home.directory(), owner.get().pid()));
      }
      Files.writeString(ownerFile, describe(ProcessHandle.current()));
      return new ClusterClaim(ownerFile);
    } catch (OverlappingFileLockException cause) {
      throw new ClusterException(
          "The private cluster in %s is being started by this very program."
              .formatted(home.directory()),
          cause);
    } catch (IOException cause) {
      throw new ClusterException(
          "The private cluster's directory %s cannot be claimed.".formatted(home.directory()),
          cause);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(ownerFile);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /** Closes after a failure, onto which one of its own is suppressed. */
  void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException second) {
      failure.addSuppressed(second);
    }
  }

  private static Optional<ProcessHandle> livingOwner(Path ownerFile) throws IOException {
    if (Files.notExists(ownerFile)) {
      return Optional.empty();
    }
    String description = Files.readString(ownerFile);
    return description.matches("\\d{1,18} .*")
        ? ProcessHandle.of(Long.parseLong(description.substring(0, description.indexOf(' '))))
            .filter(process -> describe(process).equals(description))
        : Optional.empty();
  }

  private static String describe(ProcessHandle process) {
    return process.pid() + " " + process.info().startInstant().map(Instant::toString).orElse("");
  }
}
