package dev.ragprocessor.ingest;

import dev.ragprocessor.extract.Extracted;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;

/** Making text of a file. */
@Name("dev.ragprocessor.Extract")
@Label("Extract")
@Description("Making text of a file")
final class ExtractEvent extends StageEvent {
  @Label("Size")
  @DataAmount
  long size;

  @Label("Slot Wait")
  @Description("How long the file waited for its turn to be parsed, before this event")
  @Timespan(Timespan.NANOSECONDS)
  long slotWait;

  @Label("Media Type")
  String mediaType = "";

  @Label("Passages")
  int passages;

  ExtractEvent(long size, long slotWait) {
    this.size = size;
    this.slotWait = slotWait;
  }

  @Override
  String stage() {
    return "extract";
  }

  void extracted(Extracted extracted) {
    mediaType = extracted.mediaType();
    passages =
        switch (extracted) {
          case Extracted.Text text -> text.passages().size();
          case Extracted.Media _ -> 0;
        };
  }
}
