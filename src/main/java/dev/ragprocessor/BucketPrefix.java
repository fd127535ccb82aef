package dev.ragprocessor;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Some of a bucket's objects: one by its whole name, else all whose names begin so. */
record BucketPrefix(String bucket, String prefix) {
  private static final String SCHEME = "gs://";

  /**
   * Promises what a command's argument means: {@code gs://bucket/prefix}, or a path below the
   * bucket directory.
   *
   * @throws ConfigurationException when the path lies in no bucket
   */
  static BucketPrefix of(String source, Configuration configuration) {
    return source.startsWith(SCHEME)
        ? ofUrl(source.substring(SCHEME.length()))
        : ofPath(source, configuration);
  }

  private static BucketPrefix ofUrl(String rest) {
    int slash = rest.indexOf('/');
    return slash < 0
        ? new BucketPrefix(rest, "")
        : new BucketPrefix(rest.substring(0, slash), rest.substring(slash + 1));
  }

  private static BucketPrefix ofPath(String source, Configuration configuration) {
    Path path = Path.of(source).toAbsolutePath().normalize();
    Path root = configuration.get(Settings.BUCKET_DIRECTORY).toAbsolutePath().normalize();
    if (!path.startsWith(root) || path.equals(root)) {
      throw new ConfigurationException(
          List.of(
              ("%s lies in no bucket: the buckets are the folders of bucket.directory = %s (%s)."
                      + " For example: --set bucket.directory=%s")
                  .formatted(
                      path,
                      root,
                      configuration.origin(Settings.BUCKET_DIRECTORY),
                      path.getParent())));
    }
    Path inside = root.relativize(path);
    StringBuilder prefix = new StringBuilder();
    for (Path part : inside.subpath(0, inside.getNameCount())) {
      prefix.append(prefix.isEmpty() ? "" : "/").append(part);
    }
    // A folder that is gone can only be meant by its slash.
    if (Files.isDirectory(path) || source.endsWith("/")) {
      prefix.append('/');
    }
    return ofUrl(prefix.toString());
  }

  /** Promises every object of it; folders' placeholders are none. */
  List<ObjectAttributes> list(ObjectStore objects) {
    List<ObjectAttributes> all = new ArrayList<>();
    forEachPage(
        objects, page -> page.stream().filter(one -> !one.isFolderPlaceholder()).forEach(all::add));
    List<ObjectAttributes> named =
        all.stream().filter(one -> one.object().name().equals(prefix)).toList();
    return named.isEmpty() ? List.copyOf(all) : named;
  }

  /** Promises to show every object whose name begins so, some at a time. */
  void forEachPage(ObjectStore objects, Consumer<List<ObjectAttributes>> visitor) {
    String token = "";
    do {
      ObjectStore.Page page = objects.list(bucket, prefix, token);
      visitor.accept(page.objects());
      token = page.nextToken();
    } while (!token.isEmpty());
  }

  @Override
  public String toString() {
    return SCHEME + bucket + "/" + prefix;
  }
}
