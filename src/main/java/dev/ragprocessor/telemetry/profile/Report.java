package dev.ragprocessor.telemetry.profile;

import java.io.IOException;
import java.nio.file.Path;

/** The report on a recording. Immutable. */
public final class Report {
  private final Profile profile;

  private Report(Profile profile) {
    this.profile = profile;
  }

  /**
   * Promises the report on this file, which is read once, an event at a time: what it keeps of them
   * are figures.
   *
   * @throws IOException when it is no recording, or cannot be read
   */
  public static Report of(Path file) throws IOException {
    return new Report(Profile.of(file));
  }

  /** Promises it as text for a terminal of a hundred columns or more. */
  public String text() {
    return new TextReport(profile).write();
  }

  /** Promises it as one HTML page that needs nothing else: no script, no network. */
  public String html() {
    return new HtmlReport(profile).write();
  }
}
