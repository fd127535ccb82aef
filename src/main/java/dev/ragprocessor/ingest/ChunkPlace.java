package dev.ragprocessor.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ragprocessor.extract.Chunk;
import dev.ragprocessor.extract.Place;
import dev.ragprocessor.store.DocumentVersion;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Where a document's chunk stands, as the columns {@code context} and {@code metadata} tell it. */
final class ChunkPlace {
  // The default keeps its buffers in the thread, and each event is one.
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedBoundedPool()).build());
  private static final String STEP = " > ";

  private ChunkPlace() {}

  /**
   * For a person, or a model that is shown the chunk without its document: {@code Oven book > 3.
   * The oven, page 12}.
   *
   * @param title the document's own, or its file's name
   */
  static String context(String title, Place place) {
    List<String> path = new ArrayList<>();
    path.add(title);
    path.add(place.attachment());
    path.add(place.sheet());
    path.addAll(place.headings());
    List<String> steps = new ArrayList<>();
    for (String step : path) {
      // A document's first heading often is its title.
      if (!step.isBlank() && (steps.isEmpty() || !steps.getLast().equals(step))) {
        steps.add(step);
      }
    }
    String page = place.page() > 0 ? ", page " + place.page() : "";
    return String.join(STEP, steps) + page;
  }

  /** The JSON object of SCHEMA's keys for documents, and ours beside them. */
  static String metadata(DocumentVersion version, String title, Chunk chunk) {
    Place place = chunk.place();
    ObjectNode metadata = JSON.createObjectNode();
    metadata.put("content_type", "document");
    metadata.put("media_path", version.object().path());
    metadata.put("title", title);
    metadata.put("contextual_text", String.join(STEP, place.headings()));
    metadata.put("chunk_index", chunk.index());
    metadata.put("doc_type", version.mediaType());
    if (place.page() > 0) {
      metadata.put("page_number", place.page());
    }
    if (!place.sheet().isEmpty()) {
      metadata.put("sheet", place.sheet());
    }
    if (!place.attachment().isEmpty()) {
      metadata.put("attachment", place.attachment());
    }
    ArrayNode headings = metadata.putArray("headings");
    place.headings().forEach(headings::add);
    metadata.put("start", chunk.start());
    metadata.put("end", chunk.end());
    try {
      return JSON.writeValueAsString(metadata);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException("a tree can be written", impossible);
    }
  }
}
