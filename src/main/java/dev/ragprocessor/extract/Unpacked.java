package dev.ragprocessor.extract;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * What has been unpacked of one archive, measured as it is read, because an archive's directory may
 * say anything. Reading on throws {@link LimitReached} when it is more than any real document has.
 * Belongs to one thread.
 */
final class Unpacked {
  private final Budget budget;
  private final long most;
  private long bytes;

  /** Nothing yet of this archive. */
  Unpacked(Path archive, Budget budget) {
    this.budget = budget;
    this.most = budget.unpackedLimit(FileSize.of(archive));
  }

  /** The same stream, which counts from now on. */
  InputStream measured(InputStream part) {
    return new Measured(part);
  }

  private final class Measured extends FilterInputStream {
    Measured(InputStream part) {
      super(part);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int more) {
      bytes += more;
      budget.requireUnpackedWithin(bytes, most);
    }
  }
}
