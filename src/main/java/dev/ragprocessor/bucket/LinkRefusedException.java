package dev.ragprocessor.bucket;

import java.io.IOException;
import java.nio.file.Path;

/** A name leads over a link below its bucket, or to a pipe or a device. */
final class LinkRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  LinkRefusedException(ObjectKey key, Path step) {
    super(
        "%s: '%s' is a link or a special file; only regular files below the bucket's folder are"
                .formatted(key.at(0).path(), step)
            + " objects");
  }
}
