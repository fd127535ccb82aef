package dev.ragprocessor.extract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** A ZIP archive that measures what is unpacked of it. Belongs to one thread. */
final class MeasuredArchive extends ZipFile {
  private final Unpacked unpacked;

  MeasuredArchive(Path content, Budget budget) throws IOException {
    super(content.toFile());
    this.unpacked = new Unpacked(content, budget);
  }

  @Override
  public @Nullable InputStream getInputStream(ZipEntry part) throws IOException {
    InputStream stream = super.getInputStream(part);
    return stream == null ? null : unpacked.measured(stream);
  }
}
