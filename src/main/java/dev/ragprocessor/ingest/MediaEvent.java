package dev.ragprocessor.ingest;

import dev.ragprocessor.extract.media.MediaText;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Describing or transcribing one medium, all of its model calls included. */
@Name("dev.ragprocessor.Media")
@Label("Media")
@Description("Describing or transcribing one medium, all of its model calls included")
final class MediaEvent extends StageEvent {
  @Label("Size")
  @DataAmount
  long size;

  @Label("Segments")
  int segments;

  @Label("Gaps")
  @Description("Stretches of which the model says nothing usable")
  int gaps;

  MediaEvent(long size) {
    this.size = size;
  }

  @Override
  String stage() {
    return "media";
  }

  void read(MediaText text) {
    segments = text.segments().size();
    gaps = text.gaps().size();
  }
}
