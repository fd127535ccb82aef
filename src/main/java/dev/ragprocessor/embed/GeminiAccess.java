package dev.ragprocessor.embed;

import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.util.regex.Pattern;

/** Where Gemini is asked, and as whom. */
public sealed interface GeminiAccess {
  /** The Gemini Developer API, by a key. */
  record DeveloperApi(ApiKey key) implements GeminiAccess {}

  /**
   * Vertex AI, in a project of Google Cloud.
   *
   * @param project the project's id
   * @param location a region, {@code global}, {@code us} or {@code eu}
   * @param credentials asked once, when the embedder is opened
   */
  record VertexAi(String project, String location, CredentialSource credentials)
      implements GeminiAccess {
    private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9.:-]{0,100}");
    private static final Pattern LOCATION = Pattern.compile("[a-z0-9][a-z0-9-]{0,50}");

    public VertexAi {
      require("project", project, PROJECT);
      require("location", location, LOCATION);
    }

    /** Access with the machine's own credentials: Application Default Credentials. */
    public static VertexAi withDefaultCredentials(String project, String location) {
      return new VertexAi(project, location, GoogleCredentials::getApplicationDefault);
    }

    private static void require(String name, String value, Pattern pattern) {
      if (!pattern.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "the %s of Vertex AI is not a %s's id: '%s'".formatted(name, name, value));
      }
    }
  }

  /** Where credentials come from. */
  @FunctionalInterface
  interface CredentialSource {
    /** Finds the credentials; may ask the machine's metadata server. */
    GoogleCredentials find() throws IOException;
  }
}
