package dev.ragprocessor.extract;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A ZIP archive that measures what is unpacked of it, because its directory may say anything.
 * Reading on throws {@link LimitReached} when it is more than any real document has. Belongs to one
 * thread.
 */
final class MeasuredArchive extends ZipFile {
  private final Budget budget;
  private final long most;
  private long unpacked;

  MeasuredArchive(Path content, Budget budget) throws IOException {
    super(content.toFile());
    this.budget = budget;
    this.most = budget.unpackedLimit(FileSize.of(content));
  }

  @Override
  public @Nullable InputStream getInputStream(ZipEntry part) throws IOException {
    InputStream stream = super.getInputStream(part);
    return stream == null ? null : new Measured(stream);
  }

  private final class Measured extends FilterInputStream {
    Measured(InputStream stream) {
      super(stream);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count(Math.max(0, read));
      return read;
    }

    private void count(int bytes) {
      unpacked += bytes;
      budget.requireUnpackedWithin(unpacked, most);
    }
  }
}
