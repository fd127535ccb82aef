package dev.ragprocessor.telemetry.profile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;

/** Connections that were held for long, past the warning, past the limit, or to the very end. */
final class HoldsTopic implements Topic {
  private static final String SCOPE = "dev.ragprocessor.db.ConnectionScope";
  private static final String LIMIT = "dev.ragprocessor.db.HoldLimit";

  /** Where the watchdog says nothing yet: a scope is a matter of milliseconds. */
  private static final double LONG = 1;

  private final List<Hold> ended = new ArrayList<>();
  private final List<Report> reports = new ArrayList<>();

  /** A scope that has ended. */
  private record Hold(String scope, Instant from, Instant to, double seconds) {}

  /** What the watchdog saw of a scope. */
  private record Report(
      String scope, Instant at, double seconds, boolean revoked, String holder, String stack) {}

  /** All that is known of the long holds of one scope. */
  private static final class Story {
    private double longest;
    private int holds;
    private int warned;
    private int revoked;
    private boolean open;
    private String holder = "";
    private String stack = "";
  }

  @Override
  public Set<String> types() {
    return Set.of(SCOPE, LIMIT);
  }

  @Override
  public void take(RecordedEvent event) {
    if (event.getEventType().getName().equals(LIMIT)) {
      reports.add(
          new Report(
              event.getString("scope"),
              event.getStartTime(),
              Units.seconds(event.getDuration("held")),
              event.getBoolean("revoked"),
              event.getString("holder"),
              event.getString("holderStack")));
    } else {
      double held = Units.seconds(event.getDuration("hold"));
      // The watchdog may be set to less than what is long here; what is shorter still is none's.
      if (held >= 0.05) {
        ended.add(
            new Hold(event.getString("scope"), event.getStartTime(), event.getEndTime(), held));
      }
    }
  }

  @Override
  public List<Finding> findings(Period period) {
    List<Finding> found = new ArrayList<>();
    stories()
        .forEach(
            (scope, story) ->
                found.add(
                    new Finding(
                        story.warned + story.revoked > 0,
                        "Scope %s held a connection for %s%s%s%s."
                            .formatted(
                                scope,
                                Units.time(story.longest),
                                fate(story),
                                story.holds > 1
                                    ? " (the longest of %d long holds)".formatted(story.holds)
                                    : "",
                                at(story)))));
    return found;
  }

  private static String fate(Story story) {
    if (story.revoked > 0) {
      return ", past the limit, and lost it";
    }
    if (story.open) {
      return " and had not given it back when the recording ended: is it a leak?";
    }
    return story.warned > 0 ? ", past the warning" : "";
  }

  private static String at(Story story) {
    String line = Stacks.ownLine(story.stack);
    return line.isEmpty() ? "" : ", at " + line;
  }

  @Override
  public Section section(Period period) {
    List<Block> blocks = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    Map<String, Story> stories = stories();
    stories.forEach(
        (scope, story) ->
            rows.add(
                List.of(
                    scope,
                    Units.count(story.holds),
                    Units.time(story.longest),
                    Units.count(story.warned),
                    Units.count(story.revoked),
                    story.open ? "yes" : "no")));
    if (!rows.isEmpty()) {
      blocks.add(
          new Block.Table(
              List.of(
                  "scope",
                  "long holds",
                  "longest",
                  "past warning",
                  "past limit",
                  "open at the end"),
              rows));
    }
    stories.forEach(
        (scope, story) -> {
          if (!story.stack.isBlank()) {
            blocks.add(
                new Block.Lines(
                    "The holder of %s, %s".formatted(scope, story.holder), story.stack.strip()));
          }
        });
    return new Section("Long holds and leaks", blocks);
  }

  private Map<String, Story> stories() {
    Map<String, Story> stories = new LinkedHashMap<>();
    for (Report report : reports) {
      Story story = stories.computeIfAbsent(report.scope(), _ -> new Story());
      story.longest = Math.max(story.longest, report.seconds());
      story.holder = report.holder();
      story.stack = report.stack();
      if (report.revoked()) {
        story.revoked++;
      } else {
        story.warned++;
        story.open |= !hasEnded(report);
      }
    }
    for (Hold hold : ended) {
      Story known = stories.get(hold.scope());
      if (hold.seconds() >= LONG || (known != null && isReported(hold))) {
        Story story = stories.computeIfAbsent(hold.scope(), _ -> new Story());
        story.holds++;
        story.longest = Math.max(story.longest, hold.seconds());
      }
    }
    return stories;
  }

  private boolean hasEnded(Report report) {
    return ended.stream()
        .anyMatch(hold -> hold.scope().equals(report.scope()) && covers(hold, report));
  }

  private boolean isReported(Hold hold) {
    return reports.stream()
        .anyMatch(report -> report.scope().equals(hold.scope()) && covers(hold, report));
  }

  private static boolean covers(Hold hold, Report report) {
    return !report.at().isBefore(hold.from()) && !report.at().isAfter(hold.to());
  }
}
