package dev.ragprocessor.embed;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Keeps OkHttp from sending a request again by itself after 408, and after 503 with {@code
 * Retry-After: 0} (RetryAndFollowUpInterceptor, 4.12): it leaves alone what asks for a wait.
 * Turning off its repeats as a whole would also turn off the fall-back to another address of the
 * host.
 *
 * <p>A network interceptor, so that it comes before the repeats.
 */
final class NoRepeats implements Interceptor {
  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    boolean repeated = response.code() == 408 || response.code() == 503;
    String wait = response.header("Retry-After", "0");
    return repeated && "0".equals(wait)
        ? response.newBuilder().header("Retry-After", "1").build()
        : response;
  }
}
