package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;

/** What the models were asked, and how often again. */
final class ModelCallsTopic implements Topic {
  private final Map<String, Asked> calls = new TreeMap<>();

  /** The requests to one model for one purpose. */
  private static final class Asked {
    private final Samples times = new Samples();
    private long inputs;
    private long tokens;
    private int again;
    private int failed;
    private double waited;
  }

  @Override
  public Set<String> types() {
    return Set.of("dev.ragprocessor.ModelCall");
  }

  @Override
  public void take(RecordedEvent event) {
    Asked asked =
        calls.computeIfAbsent(
            "%s, %s".formatted(event.getString("model"), event.getString("purpose")),
            _ -> new Asked());
    asked.times.add(Units.seconds(event.getDuration()));
    asked.inputs += event.getInt("batchSize");
    asked.tokens += event.getLong("tokens");
    asked.again += event.getInt("retries") > 0 ? 1 : 0;
    asked.failed += "ok".equals(event.getString("outcome")) ? 0 : 1;
    asked.waited += Units.seconds(event.getDuration("turnWait"));
  }

  @Override
  public List<Finding> findings(Period period) {
    List<Finding> found = new ArrayList<>();
    calls.forEach(
        (name, asked) -> {
          if (asked.failed > 0 || asked.again > 0) {
            found.add(
                Finding.problem(
                    "Of %s to %s %d failed and %d were sent again; they waited %s for their turn."
                        .formatted(
                            Units.times(asked.times.count(), "request"),
                            name,
                            asked.failed,
                            asked.again,
                            Units.time(asked.waited))));
          }
        });
    return found;
  }

  @Override
  public Section section(Period period) {
    List<List<String>> rows = new ArrayList<>();
    calls.forEach(
        (name, asked) -> {
          List<String> row = new ArrayList<>(List.of(name));
          row.addAll(asked.times.cells());
          row.add(Units.count(asked.inputs));
          row.add(Units.count(asked.tokens));
          row.add(Units.count(asked.again));
          row.add(Units.count(asked.failed));
          row.add(Units.time(asked.waited));
          rows.add(row);
        });
    List<String> columns = new ArrayList<>(List.of("model, purpose"));
    columns.addAll(Samples.COLUMNS);
    columns.addAll(List.of("inputs", "tokens", "sent again", "failed", "waited for turn"));
    return new Section(
        "Model calls", rows.isEmpty() ? List.of() : List.of(new Block.Table(columns, rows)));
  }
}
