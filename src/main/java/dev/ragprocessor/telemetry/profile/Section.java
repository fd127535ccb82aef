package dev.ragprocessor.telemetry.profile;

import java.util.List;

/** What a recording says about one topic; without blocks where it says nothing. */
record Section(String title, List<Block> blocks) {
  Section {
    blocks = List.copyOf(blocks);
  }
}
