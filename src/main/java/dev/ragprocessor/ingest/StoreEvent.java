package dev.ragprocessor.ingest;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Writing a result, its transaction and the wait for it included. */
@Name("dev.ragprocessor.Store")
@Label("Store")
@Description("Writing a result, its transaction and the wait for it included")
final class StoreEvent extends StageEvent {
  @Label("Result")
  String result = "";

  @Override
  String stage() {
    return "store";
  }

  void stored(Outcome outcome) {
    result = outcome.getClass().getSimpleName();
  }
}
