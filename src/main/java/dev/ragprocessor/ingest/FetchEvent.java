package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.LiveObject;
import java.util.Optional;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Reading an object from its bucket. */
@Name("dev.ragprocessor.Fetch")
@Label("Fetch")
@Description("Reading an object from its bucket")
final class FetchEvent extends StageEvent {
  @Label("Size")
  @DataAmount
  long size;

  @Label("Found")
  boolean found;

  @Override
  String stage() {
    return "fetch";
  }

  void fetched(Optional<LiveObject> object) {
    found = object.isPresent();
    size = object.map(live -> live.attributes().size()).orElse(0L);
  }
}
