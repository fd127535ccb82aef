package dev.ragprocessor.telemetry.recording;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import jdk.jfr.Configuration;

/**
 * What a recording holds, as JFR's {@code .jfc} files say it: the service's own events however
 * short, those of the JVM that the report reads, and nothing in which a secret can be.
 */
public final class RecordingProfile {
  private static final String RESOURCE = "/rag-processor.jfc";

  private RecordingProfile() {}

  /** Promises the file, for {@code jcmd JFR.start settings=…}. */
  public static String text() {
    try (InputStream file = RecordingProfile.class.getResourceAsStream(RESOURCE)) {
      if (file == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }

  /** Promises the same as JFR takes it from a program. */
  static Map<String, String> settings() {
    try {
      return Configuration.create(new StringReader(text())).getSettings();
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    } catch (ParseException e) {
      throw new IllegalStateException(RESOURCE, e);
    }
  }
}
