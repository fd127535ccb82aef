package dev.ragprocessor.bench;

import dev.ragprocessor.cloudevents.CloudEventReader;
import dev.ragprocessor.cloudevents.MalformedEventException;
import dev.ragprocessor.cloudevents.Received;
import dev.ragprocessor.cloudevents.UnsupportedMediaException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reading one delivery as Eventarc sends it, in binary mode. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EventBenchmark {
  private static final Map<String, String> HEADERS =
      Map.of(
          "content-type", "application/json",
          "ce-specversion", "1.0",
          "ce-id", "1234567890",
          "ce-source", "//storage.googleapis.com/projects/_/buckets/library",
          "ce-type", "google.cloud.storage.object.v1.finalized",
          "ce-subject", "objects/letters/2026/summer.txt",
          "ce-time", "2026-01-01T00:00:00Z");
  private static final byte[] BODY =
      """
      {"kind":"storage#object","id":"library/letters/2026/summer.txt/1767225600000000",
       "name":"letters/2026/summer.txt","bucket":"library","generation":"1767225600000000",
       "metageneration":"1","contentType":"text/plain","timeCreated":"2026-01-01T00:00:00Z",
       "updated":"2026-01-01T00:00:00Z","storageClass":"STANDARD","size":"16200",
       "md5Hash":"rL0Y20zC+Fzt72VPzMSk2A==","crc32c":"4waSgw==","etag":"CLiw7Ky"}
      """
          .getBytes(StandardCharsets.UTF_8);

  private final CloudEventReader reader = new CloudEventReader();

  /** Measures headers and body to event. */
  @Benchmark
  public List<Received> read() throws MalformedEventException, UnsupportedMediaException {
    return reader.read(
        name -> {
          String value = HEADERS.get(name.toLowerCase(Locale.ROOT));
          return value == null ? List.of() : List.of(value);
        },
        BODY);
  }
}
