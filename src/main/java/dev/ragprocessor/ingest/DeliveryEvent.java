package dev.ragprocessor.ingest;

import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.telemetry.Trail;
import dev.ragprocessor.telemetry.TrailEvent;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A delivery of one event, from its acceptance to what it is answered. */
@Name("dev.ragprocessor.Delivery")
@Label("Delivery")
@Category({"rag-processor", "Deliveries"})
@Description("A delivery of one event, from its acceptance to what it is answered")
@Threshold("10 ms")
final class DeliveryEvent extends TrailEvent {
  @Label("Type")
  String type = "";

  @Label("Outcome")
  String outcome = "";

  void commit(Trail trail, StorageEvent delivered, Outcome answered) {
    end();
    if (shouldCommit()) {
      follow(trail);
      type = delivered.getClass().getSimpleName();
      outcome = answered.getClass().getSimpleName();
      if (answered instanceof Outcome.Accepted(java.util.UUID job)) {
        jobId = job.toString();
      }
      commit();
    }
  }
}
