package dev.ragprocessor.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some of a tenant's documents, the newest first.
 *
 * @param next where the next page begins; null when this is the last one
 */
public record DocumentPage(List<DocumentView> documents, @Nullable Position next) {
  public DocumentPage {
    documents = List.copyOf(documents);
  }

  /** The last document of a page, by what the order is made of. */
  public record Position(Instant createdAt, UUID id) {
    /** Promises a text without characters that a URL would escape. */
    public String token() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString((createdAt + " " + id).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Promises the position that {@link #token()} wrote.
     *
     * @throws IllegalArgumentException when the text is no such token
     */
    public static Position of(String token) {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      int space = text.indexOf(' ');
      if (space < 0) {
        throw new IllegalArgumentException("no position of a page");
      }
      try {
        return new Position(
            Instant.parse(text.substring(0, space)), UUID.fromString(text.substring(space + 1)));
      } catch (DateTimeParseException malformed) {
        throw new IllegalArgumentException("no position of a page", malformed);
      }
    }
  }

  /**
   * Which documents are wanted.
   *
   * @param status {@code uploading}, {@code processing}, {@code completed} or {@code error}; null
   *     for all
   * @param object the {@code gs://} path of the only one wanted; null for all
   * @param prefix what the {@code gs://} paths begin with; empty for all
   * @param after where the page before ended; null for the first page
   * @param limit 1 to 1,000
   */
  public record Query(
      TenantId tenant,
      @Nullable String status,
      @Nullable String object,
      String prefix,
      @Nullable Position after,
      int limit) {

    /** Promises the first page of everything of a tenant. */
    public static Query of(TenantId tenant, int limit) {
      return new Query(tenant, null, null, "", null, limit);
    }
  }
}
