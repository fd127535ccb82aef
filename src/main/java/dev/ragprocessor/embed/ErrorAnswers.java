package dev.ragprocessor.embed;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Reads along what the SDK drops of error answers. The SDK's blocking calls run OkHttp on the
 * caller's thread, so a {@link ScopedValue} tells which request an answer belongs to.
 */
final class ErrorAnswers implements Interceptor {
  private static final ScopedValue<AtomicReference<ErrorAnswer>> LAST = ScopedValue.newInstance();
  private static final long MOST_BYTES = 64 * 1024;

  private final InstantSource clock;

  ErrorAnswers(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Makes one request.
   *
   * @param last holds, after a failure, what the error answer said
   */
  static <R> R during(AtomicReference<ErrorAnswer> last, Supplier<R> request) {
    return ScopedValue.where(LAST, last).call(request::get);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    if (!response.isSuccessful() && LAST.isBound()) {
      LAST.get()
          .set(
              ErrorAnswer.read(
                  response.peekBody(MOST_BYTES).string(),
                  response.header("Retry-After"),
                  clock.instant()));
    }
    return response;
  }
}
