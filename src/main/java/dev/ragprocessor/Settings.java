package dev.ragprocessor;

import static dev.ragprocessor.Setting.choice;
import static dev.ragprocessor.Setting.duration;
import static dev.ragprocessor.Setting.flag;
import static dev.ragprocessor.Setting.integer;
import static dev.ragprocessor.Setting.list;
import static dev.ragprocessor.Setting.name;
import static dev.ragprocessor.Setting.path;
import static dev.ragprocessor.Setting.secret;
import static dev.ragprocessor.Setting.size;
import static dev.ragprocessor.Setting.text;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The catalogue of every key. Defaults and effects stand in {@code application.yaml}. */
final class Settings {
  /** Whether packages may be installed to make a PostgreSQL. */
  enum Install {
    AUTO,
    NEVER
  }

  /** Where objects live. */
  enum BucketKind {
    DIRECTORY,
    CLOUD_STORAGE
  }

  /** Who makes vectors. */
  enum EmbedderKind {
    LOCAL,
    GEMINI
  }

  /** How much our own log says. */
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  static final Setting<String> SERVER_HOST = name("server.host");
  static final Setting<Integer> SERVER_PORT = integer("server.port", 0, 65_535);
  static final Setting<Integer> SERVER_ADMIN_PORT = integer("server.admin-port", 0, 65_535);

  static final Setting<String> DATABASE_URL =
      secret("database.url", "postgres://, postgresql:// or jdbc:postgresql:// URL, or empty");
  static final Setting<String> DATABASE_PASSWORD = secret("database.password", "text");
  static final Setting<Path> DATABASE_PASSWORD_FILE = path("database.password-file");
  static final Setting<Install> DATABASE_INSTALL = choice("database.install", Install.class);
  static final Setting<Integer> DATABASE_POOL_SIZE = integer("database.pool-size", 1, 1_000);
  static final Setting<Duration> DATABASE_PERMIT_WAIT =
      duration("database.permit-wait", Duration.ofMillis(1), Duration.ofMinutes(1));

  static final Setting<BucketKind> BUCKET_KIND = choice("bucket.kind", BucketKind.class);
  static final Setting<Path> BUCKET_DIRECTORY = path("bucket.directory");
  static final Setting<Boolean> BUCKET_WATCH = flag("bucket.watch");
  static final Setting<String> BUCKET_ENDPOINT = text("bucket.endpoint", "URL, or empty");
  static final Setting<ByteSize> BUCKET_MAX_OBJECT_SIZE =
      size("bucket.max-object-size", ByteSize.kibibytes(1), ByteSize.gibibytes(64));
  static final Setting<List<String>> BUCKET_ALLOWED =
      list("bucket.allowed", "names separated by commas, or empty");

  static final Setting<EmbedderKind> EMBEDDER_KIND = choice("embedder.kind", EmbedderKind.class);
  static final Setting<String> GEMINI_API_KEY = secret("embedder.gemini.api-key", "text");
  static final Setting<Path> GEMINI_API_KEY_FILE = path("embedder.gemini.api-key-file");
  static final Setting<String> GEMINI_PROJECT = text("embedder.gemini.project", "text");
  static final Setting<String> GEMINI_LOCATION = text("embedder.gemini.location", "text");

  static final Setting<Integer> CHUNKS_SIZE = integer("chunks.size", 100, 100_000);
  static final Setting<Integer> CHUNKS_OVERLAP = integer("chunks.overlap", 0, 50_000);

  static final Setting<LogLevel> LOG_LEVEL = choice("log.level", LogLevel.class);

  /** Every key, in the order of the documentation. */
  static final List<Setting<?>> ALL =
      List.of(
          SERVER_HOST,
          SERVER_PORT,
          SERVER_ADMIN_PORT,
          DATABASE_URL,
          DATABASE_PASSWORD,
          DATABASE_PASSWORD_FILE,
          DATABASE_INSTALL,
          DATABASE_POOL_SIZE,
          DATABASE_PERMIT_WAIT,
          BUCKET_KIND,
          BUCKET_DIRECTORY,
          BUCKET_WATCH,
          BUCKET_ENDPOINT,
          BUCKET_MAX_OBJECT_SIZE,
          BUCKET_ALLOWED,
          EMBEDDER_KIND,
          GEMINI_API_KEY,
          GEMINI_API_KEY_FILE,
          GEMINI_PROJECT,
          GEMINI_LOCATION,
          CHUNKS_SIZE,
          CHUNKS_OVERLAP,
          LOG_LEVEL);

  /** The keys alone. */
  static final Set<String> KEYS =
      ALL.stream().map(Setting::key).collect(Collectors.toUnmodifiableSet());

  private Settings() {}
}
