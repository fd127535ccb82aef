package dev.ragprocessor.bucket;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The full name of a Pub/Sub subscription, {@code projects/PROJECT/subscriptions/SUBSCRIPTION}
 * (Pub/Sub, "Resource names"; a project may stand in a domain, {@code example.com:project}).
 */
public record SubscriptionName(String project, String subscription) {
  private static final String PROJECT = "[a-z0-9][a-z0-9.:-]{0,100}";
  private static final String SUBSCRIPTION = "[A-Za-z][A-Za-z0-9._~+%-]{2,254}";
  private static final Pattern FORM =
      Pattern.compile("projects/(" + PROJECT + ")/subscriptions/(" + SUBSCRIPTION + ")");

  /** Whether a text is meant as such a name, however wrong. */
  public static boolean looksLike(String text) {
    return text.startsWith("projects/") && text.contains("/subscriptions/");
  }

  /**
   * Promises the name that is written so.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SubscriptionName of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must be projects/PROJECT/subscriptions/SUBSCRIPTION: " + text);
    }
    return new SubscriptionName(matcher.group(1), matcher.group(2));
  }

  @Override
  public String toString() {
    return "projects/" + project + "/subscriptions/" + subscription;
  }
}
