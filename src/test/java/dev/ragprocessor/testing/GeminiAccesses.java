package dev.ragprocessor.testing;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.ragprocessor.embed.ApiKey;
import dev.ragprocessor.embed.GeminiAccess;
import java.time.Instant;
import java.util.Date;

/** The two ways to a {@link GeminiStandIn}. */
public final class GeminiAccesses {
  /** By its key. */
  public static final GeminiAccess API =
      new GeminiAccess.DeveloperApi(new ApiKey(GeminiStandIn.KEY));

  /** By its token. */
  public static final GeminiAccess VERTEX =
      new GeminiAccess.VertexAi(
          "proj-1",
          "us-central1",
          () ->
              GoogleCredentials.create(
                  new AccessToken(
                      GeminiStandIn.TOKEN, Date.from(Instant.now().plusSeconds(3_600)))));

  private GeminiAccesses() {}
}
