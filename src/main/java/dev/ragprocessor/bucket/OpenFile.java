package dev.ragprocessor.bucket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Set;

/** A regular file held by its open folder; valid only inside the work that it was given to. */
final class OpenFile {
  private final SecureDirectoryStream<Path> directory;
  private final Path name;
  private final BasicFileAttributeView view;

  OpenFile(SecureDirectoryStream<Path> directory, Path name, BasicFileAttributeView view) {
    this.directory = directory;
    this.name = name;
    this.view = view;
  }

  /** Promises the state at this moment of the file that has the name at this moment. */
  FileState state() throws IOException {
    try {
      return FileState.of(view.readAttributes());
    } catch (NoSuchFileException e) {
      throw new FileGoneException(e);
    }
  }

  /** Promises the content, to be closed by the caller; fails when the name is a link by now. */
  InputStream content() throws IOException {
    try {
      return Channels.newInputStream(
          directory.newByteChannel(
              name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    } catch (NoSuchFileException e) {
      throw new FileGoneException(e);
    }
  }

  /** What is done with an open file. */
  @FunctionalInterface
  interface Work<R> {
    R on(OpenFile file) throws IOException;
  }
}
