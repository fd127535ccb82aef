package dev.ragprocessor.http;

import dev.ragprocessor.store.ChunkPage;
import dev.ragprocessor.store.DocumentPage;
import dev.ragprocessor.store.TenantId;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an API's request says in its path and query; what is wrong is a {@link Refusal}. */
final class Parameters {
  private Parameters() {}

  /** Promises whom the request is about: the token's tenant, or without one the tenant named. */
  static TenantId tenant(Caller caller, ServerRequest request) {
    return tenant(caller, text(request, "tenant"));
  }

  /** Promises the same of a tenant that is named elsewhere in the request. */
  static TenantId tenant(Caller caller, @Nullable String asked) {
    TenantId named = asked == null ? null : new TenantId(Fields.uuid(asked, "tenant"));
    return switch (caller) {
      case Caller.Member(String _, TenantId own) -> {
        if (named != null && !named.equals(own)) {
          throw Refusal.at(Status.FORBIDDEN_403, "tenant", "The token is another tenant's");
        }
        yield own;
      }
      case Caller.Anyone _, Caller.Known _ -> {
        if (named == null) {
          throw Fields.invalid("tenant", "Is required: a UUID");
        }
        yield named;
      }
    };
  }

  /** Promises the parameter's only value; null when it is not there. */
  static @Nullable String text(ServerRequest request, String name) {
    List<String> values = request.query().all(name, List::of);
    if (values.size() > 1) {
      throw Fields.invalid(name, "Is there more than once");
    }
    if (!values.isEmpty() && values.getFirst().indexOf('\0') >= 0) {
      throw Fields.invalid(name, "Holds a character that no text may have (NUL)");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  /** Promises the {@code id} of the path. */
  static UUID id(ServerRequest request) {
    return Fields.uuid(request.path().pathParameters().get("id"), "id");
  }

  /** Promises the parameter {@code limit}, 1 to {@code max}. */
  static int limit(ServerRequest request, int max, int absent) {
    return integer(request, "limit", 1, max, absent);
  }

  /** Promises a parameter that is an integer in a range, or the answer for its absence. */
  static int integer(ServerRequest request, String name, int min, int max, int absent) {
    String text = text(request, name);
    if (text == null) {
      return absent;
    }
    String range = "Must be an integer of %d to %d".formatted(min, max);
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      throw Fields.invalid(name, range);
    }
    throw Fields.invalid(name, range);
  }

  /** Promises where the page of documents asked for begins; null for the first. */
  static DocumentPage.@Nullable Position after(ServerRequest request) {
    return after(request, DocumentPage.Position::of);
  }

  /** Promises where the page of chunks asked for begins; null for the first. */
  static ChunkPage.@Nullable Position afterChunk(ServerRequest request) {
    return after(request, ChunkPage.Position::of);
  }

  private static <T> @Nullable T after(ServerRequest request, Function<String, T> reading) {
    String token = text(request, "after");
    if (token == null) {
      return null;
    }
    try {
      return reading.apply(token);
    } catch (IllegalArgumentException malformed) {
      throw Fields.invalid("after", "Must be what the page before gave as next");
    }
  }
}
