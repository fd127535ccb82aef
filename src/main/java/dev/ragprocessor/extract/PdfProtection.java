package dev.ragprocessor.extract;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Tells a PDF that only its seller's program opens from one that is damaged: the encryption
 * dictionary, which is never encrypted or compressed itself (ISO 32000-1, 7.6.1), names a security
 * handler of its own.
 */
final class PdfProtection {
  private static final Pattern HANDLER =
      Pattern.compile(
          "/Filter\\s*/(Adobe\\.APS|EBX_HANDLER|FOPN_[A-Za-z]+|MicrosoftIRMServices)\\b");

  private static final int BUFFER = 1 << 16;
  private static final int LONGEST = 64;

  private PdfProtection() {}

  /** Whether a security handler is named that manages rights. To be asked of a PDF that failed. */
  static boolean isManaged(Path content) {
    byte[] buffer = new byte[BUFFER + LONGEST];
    int kept = 0;
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(content))) {
      for (int read = stream.readNBytes(buffer, 0, BUFFER);
          read > 0;
          read = stream.readNBytes(buffer, kept, BUFFER)) {
        int length = kept + read;
        if (HANDLER.matcher(new String(buffer, 0, length, StandardCharsets.ISO_8859_1)).find()) {
          return true;
        }
        // What begins at the end of one part goes on in the next.
        kept = Math.min(LONGEST, length);
        System.arraycopy(buffer, length - kept, buffer, 0, kept);
      }
      return false;
    } catch (IOException e) {
      // The file's own failure is told.
      return false;
    }
  }
}
