package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;

/** What became of jobs, and why they wait or failed. */
final class JobsTopic implements Topic {
  private final Shares statuses = new Shares();
  private final Shares reasons = new Shares();
  private int failed;
  private int waiting;

  @Override
  public Set<String> types() {
    return Set.of("dev.ragprocessor.JobTransition");
  }

  @Override
  public void take(RecordedEvent event) {
    String status = event.getString("status");
    String reason = event.getString("reason");
    statuses.add(status, 1);
    if (!reason.isEmpty()) {
      reasons.add("%s: %s".formatted(status, reason), 1);
    }
    failed += status.equals("error") ? 1 : 0;
    waiting += status.equals("retry_pending") ? 1 : 0;
  }

  @Override
  public List<Finding> findings(Period period) {
    List<Finding> found = new ArrayList<>();
    if (failed > 0) {
      found.add(
          Finding.problem("%s failed%s".formatted(Units.times(failed, "job"), most("error"))));
    }
    if (waiting > 0) {
      found.add(
          Finding.problem(
              "%s put off for another attempt%s"
                  .formatted(
                      waiting == 1 ? "1 job was" : Units.count(waiting) + " times a job was",
                      most("retry_pending"))));
    }
    return found;
  }

  private String most(String status) {
    return reasons
        .largest()
        .map(Map.Entry::getKey)
        .filter(reason -> reason.startsWith(status + ": "))
        .findFirst()
        .map(reason -> ", most often because: " + reason.substring(status.length() + 2))
        .orElse(".");
  }

  @Override
  public Section section(Period period) {
    List<Block> blocks = new ArrayList<>();
    if (!statuses.isEmpty()) {
      blocks.add(statuses.table("new status", "times", 10, JobsTopic::whole));
    }
    if (!reasons.isEmpty()) {
      blocks.add(reasons.table("reason", "times", 10, JobsTopic::whole));
    }
    return new Section("Jobs", blocks);
  }

  private static String whole(double amount) {
    return String.format(Locale.ROOT, "%,.0f", amount);
  }
}
