package dev.ragprocessor.telemetry.profile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;

/**
 * Where the time of the slowest events went. An event's work has a thread of its own, so that this
 * one relates its stages and its waits to it; its ids name it.
 */
final class SlowestTopic implements Topic {
  private static final String WORK = "dev.ragprocessor.Work";
  private static final String SCOPE = "dev.ragprocessor.db.ConnectionScope";
  private static final String TURN = "dev.ragprocessor.db.TurnWait";
  private static final String PERMITS = "waiting for permits";
  private static final String TURNS = "waiting for another's statement";
  private static final int MOST = 10;

  private static final List<String> PARTS =
      List.of(
          "fetch",
          "waiting to extract",
          "extract",
          "chunk",
          "embed",
          "store",
          PERMITS,
          TURNS,
          "other");

  private final List<Work> works = new ArrayList<>();
  private final Map<Long, List<Step>> steps = new HashMap<>();

  /** A piece of work on an event. */
  private record Work(long thread, String label, String object, String outcome, double seconds) {}

  /** A part of the work on a thread. */
  private record Step(String part, Instant from, Instant to, double seconds) {
    boolean holds(Step other) {
      return !other.from.isBefore(from) && !other.to.isAfter(to);
    }
  }

  @Override
  public Set<String> types() {
    Set<String> types = new HashSet<>(StagesTopic.stageTypes());
    types.add(WORK);
    types.add(SCOPE);
    types.add(TURN);
    return types;
  }

  @Override
  public void take(RecordedEvent event) {
    if (event.getThread() == null) {
      return;
    }
    long thread = event.getThread().getJavaThreadId();
    double seconds = Units.seconds(event.getDuration());
    switch (event.getEventType().getName()) {
      case WORK ->
          works.add(
              new Work(
                  thread,
                  label(event),
                  event.getString("object"),
                  event.getString("outcome"),
                  seconds));
      case SCOPE -> {
        double waited = Units.seconds(event.getDuration("permitWait"));
        if (waited > 1e-3) {
          add(thread, PERMITS, event, waited);
        }
      }
      case TURN -> add(thread, TURNS, event, seconds);
      default -> {
        add(thread, StagesTopic.stage(event), event, seconds);
        if (event.hasField("slotWait")) {
          add(thread, "waiting to extract", event, Units.seconds(event.getDuration("slotWait")));
        }
      }
    }
  }

  private void add(long thread, String part, RecordedEvent event, double seconds) {
    steps
        .computeIfAbsent(thread, _ -> new ArrayList<>(8))
        .add(new Step(part, event.getStartTime(), event.getEndTime(), seconds));
  }

  private static String label(RecordedEvent work) {
    String id = work.getString("eventId");
    String job = work.getString("jobId");
    return id.isEmpty()
        ? "job %s, attempt %d".formatted(job, work.getInt("attempt"))
        : "event %s%s".formatted(id, job.isEmpty() ? "" : ", job " + job);
  }

  @Override
  public List<Finding> findings(Period period) {
    return slowest().stream()
        .limit(1)
        .map(
            work -> {
              List<Double> parts = parts(work);
              int most = 0;
              for (int part = 1; part < parts.size(); part++) {
                most = parts.get(part) > parts.get(most) ? part : most;
              }
              return Finding.notice(
                  "The slowest event took %s, %s of it for %s: %s (%s)."
                      .formatted(
                          Units.time(work.seconds()),
                          Units.time(parts.get(most)),
                          PARTS.get(most),
                          work.object(),
                          work.label()));
            })
        .toList();
  }

  @Override
  public Section section(Period period) {
    List<Work> slowest = slowest();
    if (slowest.isEmpty()) {
      return new Section("The slowest events", List.of());
    }
    List<Block.Bar> bars = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (Work work : slowest) {
      List<Double> parts = parts(work);
      bars.add(new Block.Bar(work.object(), parts));
      List<String> row = new ArrayList<>(List.of(work.object() + ", " + work.label()));
      row.add(work.outcome());
      row.add(Units.time(work.seconds()));
      parts.forEach(part -> row.add(Units.time(part)));
      rows.add(row);
    }
    List<String> columns = new ArrayList<>(List.of("event", "outcome", "all"));
    columns.addAll(PARTS);
    return new Section(
        "The slowest events",
        List.of(
            new Block.Bars("Where their time went", PARTS, bars), new Block.Table(columns, rows)));
  }

  private List<Work> slowest() {
    return works.stream()
        .sorted(Comparator.comparingDouble(Work::seconds).reversed())
        .limit(MOST)
        .toList();
  }

  /** A wait for a permit, or for another, within a stage is no part of that stage here. */
  private List<Double> parts(Work work) {
    List<Step> own = steps.getOrDefault(work.thread(), List.of());
    double[] seconds = new double[PARTS.size()];
    for (Step step : own) {
      seconds[PARTS.indexOf(step.part())] += step.seconds();
      if (step.part().equals(PERMITS) || step.part().equals(TURNS)) {
        own.stream()
            .filter(stage -> !stage.part().startsWith("waiting") && stage.holds(step))
            .findFirst()
            .ifPresent(stage -> seconds[PARTS.indexOf(stage.part())] -= step.seconds());
      }
    }
    double known = 0;
    for (double part : seconds) {
      known += part;
    }
    seconds[seconds.length - 1] = Math.max(0, work.seconds() - known);
    List<Double> parts = new ArrayList<>();
    for (double part : seconds) {
      parts.add(Math.max(0, part));
    }
    return parts;
  }
}
