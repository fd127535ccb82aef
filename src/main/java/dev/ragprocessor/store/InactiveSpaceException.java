package dev.ragprocessor.store;

/**
 * The model has been changed since this process started, or is being changed at this moment: its
 * vectors are of a space that is not searched any more. Nothing was written; a process with the new
 * configuration must take over.
 */
public final class InactiveSpaceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InactiveSpaceException(ActiveSpace ours) {
    super(
        """
        this process makes vectors of "%s" with %d dimensions, and "rag-processor reindex%s" has \
        gone over to another model: start it with the configuration of the new one\
        """
            .formatted(
                ours.space().model(),
                ours.space().dimensions(),
                switch (ours.kind()) {
                  case TEXT -> "";
                  case MULTIMODAL -> " --kind multimodal";
                }),
        null,
        false,
        false);
  }
}
