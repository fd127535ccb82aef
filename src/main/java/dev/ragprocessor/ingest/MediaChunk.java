package dev.ragprocessor.ingest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ragprocessor.embed.TimeRange;
import dev.ragprocessor.extract.media.MediaSegment;
import dev.ragprocessor.store.DocumentVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A chunk of a medium's text.
 *
 * @param text of it
 * @param segment that it is of
 * @param number of the segment, from 0
 * @param first whether it is the segment's first: that one carries the vector of the medium, so
 *     that a stretch is found once however much is said in it
 */
record MediaChunk(String text, MediaSegment segment, int number, boolean first) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** For a person, or a model that is shown the chunk alone: {@code film.mp4, 0:15 to 0:30}. */
  String context(DocumentVersion version) {
    String place = segment.place();
    return place.isEmpty() ? version.filename() : version.filename() + ", " + place;
  }

  /**
   * The JSON object of SCHEMA's keys for its kind of medium.
   *
   * @param segments how many there are
   * @param model that has read the medium
   */
  String metadata(DocumentVersion version, int segments, String model, Instant now) {
    ObjectNode metadata = JSON.createObjectNode();
    metadata.put(
        "content_type",
        switch (version.category()) {
          case DOCUMENTS -> "document";
          case IMAGES -> "image";
          case VIDEOS -> "video";
          case AUDIO -> "audio";
        });
    metadata.put("media_path", version.object().path());
    metadata.put("contextual_text", segment.place());
    switch (version.category()) {
      case DOCUMENTS, IMAGES -> metadata.put("filename", version.filename());
      case VIDEOS, AUDIO -> recording(metadata, segments, model, now);
    }
    return metadata.toString();
  }

  private void recording(ObjectNode metadata, int segments, String model, Instant now) {
    metadata.put("segment_index", number);
    metadata.put("total_segments", segments);
    TimeRange range = segment.range();
    if (range != null) {
      metadata.put("start_offset_sec", seconds(range.start()));
      metadata.put("end_offset_sec", seconds(range.end()));
      metadata.put("duration_sec", seconds(range.length()));
    }
    ObjectNode transcript = metadata.putObject("transcript");
    if (!segment.language().isEmpty()) {
      transcript.put("language", segment.language());
    }
    transcript.put("model", model);
    transcript.put("transcript_timestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    transcript.put("has_audio", segment.heard());
    transcript.putNull("error");
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
