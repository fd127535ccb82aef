package dev.ragprocessor.extract.media;

import java.util.Map;

/** The media types as Gemini calls them, where what is detected has another name. */
final class MediaTypes {
  /** A drawing in words, which no model takes as an image. */
  static final String SVG = "image/svg+xml";

  // ai.google.dev, "Image/Audio/Video understanding": the types that are taken. Others go as they
  // are called, and the model decides.
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("audio/vnd.wave", "audio/wav"),
          Map.entry("audio/x-wav", "audio/wav"),
          Map.entry("audio/x-flac", "audio/flac"),
          Map.entry("audio/x-aac", "audio/aac"),
          Map.entry("audio/vorbis", "audio/ogg"),
          Map.entry("audio/opus", "audio/ogg"),
          Map.entry("audio/x-aiff", "audio/aiff"),
          Map.entry("image/heic-sequence", "image/heic"),
          Map.entry("image/heif-sequence", "image/heif"),
          Map.entry("application/mp4", "video/mp4"),
          Map.entry("video/x-m4v", "video/mp4"),
          Map.entry("video/x-msvideo", "video/avi"),
          Map.entry("video/x-ms-wmv", "video/wmv"),
          Map.entry("video/x-ms-asf", "video/wmv"));

  private MediaTypes() {}

  static String ofGemini(String detected) {
    return NAMES.getOrDefault(detected, detected);
  }
}
