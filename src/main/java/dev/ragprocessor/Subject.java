package dev.ragprocessor;

import dev.ragprocessor.store.DocumentPage;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.TenantId;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Which job or document a person means: by its id, or by the path of its object. */
sealed interface Subject {
  String LABEL = "ID|gs://BUCKET/NAME";

  record Id(UUID id) implements Subject {
    @Override
    public String toString() {
      return id.toString();
    }
  }

  record ObjectPath(String path) implements Subject {
    @Override
    public String toString() {
      return path;
    }
  }

  /** Promises the id of the job that is meant, if there is one. */
  default Optional<UUID> job(Instance instance, TenantId tenant) {
    return switch (this) {
      case Id(UUID id) -> Optional.of(id);
      case ObjectPath(String path) ->
          instance.jobs(tenant, null, path, 1).stream().map(JobView::id).findFirst();
    };
  }

  /** Promises the id of the document that is meant, if there is one. */
  default Optional<UUID> document(Instance instance, TenantId tenant) {
    return switch (this) {
      case Id(UUID id) -> Optional.of(id);
      case ObjectPath(String path) ->
          instance
              .documents(new DocumentPage.Query(tenant, null, path, "", null, 1))
              .documents()
              .stream()
              .map(DocumentView::id)
              .findFirst();
    };
  }

  /** Reads what a person has written. */
  final class Converter implements ITypeConverter<Subject> {
    @Override
    public Subject convert(String text) {
      if (text.startsWith("gs://")) {
        return new ObjectPath(text);
      }
      try {
        return new Id(UUID.fromString(text));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'%s' is neither an id nor a gs:// path".formatted(text));
      }
    }
  }
}
