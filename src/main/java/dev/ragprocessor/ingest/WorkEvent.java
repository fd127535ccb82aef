package dev.ragprocessor.ingest;

import dev.ragprocessor.store.Claim;
import dev.ragprocessor.telemetry.TrailEvent;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** The whole work of one event or of one attempt at a job, on the thread that does it. */
@Name("dev.ragprocessor.Work")
@Label("Work")
@Category({"rag-processor", "Deliveries"})
@Description("The whole work of one event or of one attempt at a job, on the thread that does it")
@Threshold("10 ms")
final class WorkEvent extends TrailEvent {
  @Label("Attempt")
  @Description("The number of the attempt; 1 where the work was never claimed")
  int attempt;

  @Label("Outcome")
  String outcome = "";

  @Label("Chunks")
  int chunks;

  void commit(EventWork work, Outcome ended) {
    end();
    if (shouldCommit()) {
      follow(work.trail());
      attempt = work.claim().map(Claim::attempt).orElse(1);
      outcome = ended.getClass().getSimpleName();
      chunks = ended instanceof Outcome.Processed processed ? processed.chunks() : 0;
      commit();
    }
  }
}
