package dev.ragprocessor.embed;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.genai.Client;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import okhttp3.OkHttpClient;

/** Opens the SDK's client with what its defaults lack: time-outs, and no retry behind our back. */
final class GeminiConnection {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  private GeminiConnection() {}

  /**
   * @throws EmbeddingException MISCONFIGURED when there are no credentials
   */
  static Client open(GeminiModelSettings settings, InstantSource clock) {
    Duration timeout = settings.timeout();
    // The SDK does not set its own timeout on a client that it is given (1.70.0, ApiClient).
    OkHttpClient http =
        new OkHttpClient.Builder()
            .callTimeout(timeout)
            .connectTimeout(timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT)
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .followRedirects(false)
            .addInterceptor(new ErrorAnswers(clock))
            .addNetworkInterceptor(new NoRepeats())
            .build();
    HttpOptions.Builder options =
        HttpOptions.builder()
            .timeout(Math.toIntExact(timeout.toMillis()))
            // With attempts(1) alone the SDK still sleeps once after the only attempt.
            .retryOptions(
                HttpRetryOptions.builder().attempts(1).httpStatusCodes(List.of()).build());
    if (!settings.baseUrl().isEmpty()) {
      options.baseUrl(settings.baseUrl());
    }
    Client.Builder client =
        Client.builder()
            .httpOptions(options.build())
            .clientOptions(ClientOptions.builder().customHttpClient(http).build());
    return switch (settings.access()) {
      case GeminiAccess.DeveloperApi api ->
          client.vertexAI(false).apiKey(api.key().value()).build();
      case GeminiAccess.VertexAi vertex ->
          client
              .vertexAI(true)
              .project(vertex.project())
              .location(vertex.location())
              .credentials(credentials(vertex))
              .build();
    };
  }

  /**
   * @throws EmbeddingException MISCONFIGURED when there are none
   */
  static GoogleCredentials credentials(GeminiAccess.VertexAi vertex) {
    try {
      return vertex.credentials().find().createScoped(SCOPE);
    } catch (IOException e) {
      throw new EmbeddingException(
          EmbeddingException.Kind.MISCONFIGURED,
          "no credentials for Vertex AI in project %s: set GOOGLE_APPLICATION_CREDENTIALS or run where a service account is attached"
              .formatted(vertex.project()),
          Duration.ZERO,
          e);
    }
  }
}
