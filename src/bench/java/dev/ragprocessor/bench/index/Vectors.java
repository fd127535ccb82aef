package dev.ragprocessor.bench.index;

import com.pgvector.PGvector;
import java.util.SplittableRandom;

/** Vectors in clusters, as those of texts are: each is a centre and some noise. */
final class Vectors {
  private static final int DIMENSIONS = 768;
  private static final int CLUSTERS = 200;
  private static final float NOISE = 0.6f;

  private final SplittableRandom random = new SplittableRandom(768);
  private final float[][] centres = new float[CLUSTERS][];

  Vectors() {
    for (int cluster = 0; cluster < CLUSTERS; cluster++) {
      centres[cluster] = around(new float[DIMENSIONS], 1);
    }
  }

  float[] next() {
    return around(centres[random.nextInt(CLUSTERS)], NOISE);
  }

  String nextText() {
    return new PGvector(next()).getValue();
  }

  private float[] around(float[] centre, float width) {
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = centre[i] + width * (float) random.nextGaussian();
    }
    return vector;
  }
}
