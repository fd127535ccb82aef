package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ragprocessor.extract.Chunk;
import dev.ragprocessor.extract.Place;
import dev.ragprocessor.store.DocumentVersion;
import dev.ragprocessor.store.FileCategory;
import dev.ragprocessor.store.ObjectId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of a chunk's place. */
class ChunkPlaceTest {
  private static final DocumentVersion VERSION =
      new DocumentVersion(
          new ObjectId("library", "a/b.pdf", 7),
          1,
          IngestRig.TENANT,
          1,
          "",
          "application/pdf",
          FileCategory.DOCUMENTS);

  @Test
  void the_context_leads_from_the_title_to_the_page() {
    assertThat(
            ChunkPlace.context("Oven book", new Place(12, "", List.of("Heat", "The stone oven"))))
        .isEqualTo("Oven book > Heat > The stone oven, page 12");
  }

  @Test
  void the_context_says_no_title_twice_and_names_sheets_and_attachments() {
    assertThat(ChunkPlace.context("Bread", new Place(0, "", List.of("Bread", "Rye"))))
        .isEqualTo("Bread > Rye");
    assertThat(ChunkPlace.context("Offer", new Place(2, "Prices", List.of(), "list.xlsx")))
        .isEqualTo("Offer > list.xlsx > Prices, page 2");
  }

  @Test
  void the_metadata_leads_a_reader_to_the_place() throws Exception {
    Chunk chunk =
        new Chunk(3, "text", new Place(2, "Prices", List.of("Rye", "Dark"), "list.xlsx"), 100, 104);

    JsonNode metadata =
        new ObjectMapper().readTree(ChunkPlace.metadata(VERSION, "Oven book", chunk));

    assertThat(metadata)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"content_type": "document", "media_path": "gs://library/a/b.pdf",
                     "title": "Oven book",
                     "contextual_text": "Rye > Dark", "chunk_index": 3,
                     "doc_type": "application/pdf", "page_number": 2, "sheet": "Prices",
                     "attachment": "list.xlsx", "headings": ["Rye", "Dark"],
                     "start": 100, "end": 104}\
                    """));
  }
}
