package dev.ragprocessor.extract;

import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.message.MaximalBodyDescriptor;
import org.apache.james.mime4j.parser.AbstractContentHandler;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.Field;

/**
 * Takes the parts of one mail from the parser. Of a text that comes in several formats
 * (multipart/alternative) the HTML is read, because it keeps headings and tables, else the plain
 * text. Belongs to one thread.
 */
final class MailParts extends AbstractContentHandler {
  private static final Map<String, String> FIELDS =
      Map.of("from", "From", "to", "To", "cc", "Cc", "date", "Date", "subject", "Subject");
  private static final Set<String> SIGNATURES =
      Set.of(
          "application/pgp-signature",
          "application/pkcs7-signature",
          "application/x-pkcs7-signature");
  private static final Set<String> SECRETS =
      Set.of("application/pkcs7-mime", "application/x-pkcs7-mime");

  /** A level of parts: of those that are alternatives, the best so far. */
  private static final class Level {
    final boolean alternatives;
    Optional<Text> best = Optional.empty();

    Level(boolean alternatives) {
      this.alternatives = alternatives;
    }
  }

  private record Text(boolean html, String content) {}

  private final MailReader reader;
  private final Map<String, String> header = new LinkedHashMap<>();
  private final Deque<Level> levels = new ArrayDeque<>();
  private boolean headerRead;
  private int unnamed;

  MailParts(MailReader reader) {
    this.reader = reader;
  }

  String subject() {
    return header.getOrDefault("Subject", "");
  }

  @Override
  public void field(Field field) {
    String name = FIELDS.get(field.getNameLowerCase());
    if (!headerRead && name != null) {
      header.putIfAbsent(name, decoded(field.getBody()));
    }
  }

  @Override
  public void endHeader() {
    if (!headerRead) {
      headerRead = true;
      StringBuilder lines = new StringBuilder();
      header.forEach((name, value) -> lines.append(name).append(": ").append(value).append('\n'));
      reader.lines(lines.toString());
    }
  }

  @Override
  public void startMultipart(BodyDescriptor part) throws UnreadablePartException {
    if (part.getSubType().equalsIgnoreCase("encrypted")) {
      throw encrypted();
    }
    levels.push(new Level(part.getSubType().equalsIgnoreCase("alternative")));
  }

  @Override
  public void endMultipart() throws UnreadablePartException {
    Optional<Text> best = levels.pop().best;
    if (best.isPresent()) {
      text(best.get());
    }
  }

  @Override
  public void body(BodyDescriptor part, InputStream content)
      throws UnreadablePartException, IOException {
    MaximalBodyDescriptor described = (MaximalBodyDescriptor) part;
    String type = part.getMimeType().toLowerCase(Locale.ROOT);
    String fileName = fileName(described);
    boolean attached = "attachment".equalsIgnoreCase(described.getContentDispositionType());
    if (SIGNATURES.contains(type)) {
      return;
    }
    if (SECRETS.contains(type)
        && !"signed-data".equalsIgnoreCase(parameter(described, "smime-type"))) {
      throw encrypted();
    }
    boolean html = type.equals("text/html");
    if (!attached && fileName.isEmpty() && (html || type.equals("text/plain"))) {
      text(new Text(html, reader.decode(content, part.getCharset())));
    } else if (attached || !fileName.isEmpty() || type.startsWith("message/")) {
      attachment(fileName, type, content);
    }
    // What is left has no name, and is shown rather than read: pictures within the text.
  }

  /** To be chosen from, if it is an alternative, else read now. */
  private void text(Text text) throws UnreadablePartException {
    for (Level level : levels) {
      if (level.alternatives) {
        if (level.best.isEmpty() || (text.html() && !level.best.get().html())) {
          level.best = Optional.of(text);
        }
        return;
      }
    }
    try {
      if (text.html()) {
        reader.html(text.content());
      } else {
        reader.plain(text.content());
      }
    } catch (ExtractionException e) {
      throw new UnreadablePartException(e);
    }
  }

  private void attachment(String fileName, String type, InputStream content)
      throws UnreadablePartException, IOException {
    String extension = type.equals("message/rfc822") ? ".eml" : "";
    String name = fileName.isEmpty() ? "attachment-" + ++unnamed + extension : fileName;
    try {
      reader.attachment(name, type, content);
    } catch (ExtractionException e) {
      throw new UnreadablePartException(e);
    }
  }

  private static UnreadablePartException encrypted() {
    return new UnreadablePartException(
        new ExtractionException(
            Reason.ENCRYPTED,
            "This mail is encrypted; save it decrypted where it was received and upload that.",
            null));
  }

  private static String fileName(MaximalBodyDescriptor part) {
    String name = part.getContentDispositionFilename();
    String decoded = decoded(name == null ? parameter(part, "name") : name);
    return CleanText.onOneLine(decoded.replace('\\', '/').replaceFirst(".*/", ""));
  }

  private static String parameter(MaximalBodyDescriptor part, String name) {
    return Optional.ofNullable(part.getContentTypeParameters())
        .map(parameters -> parameters.get(name))
        .orElse("");
  }

  /** Encoded words (RFC 2047) as people read them. */
  private static String decoded(String value) {
    return CleanText.onOneLine(DecoderUtil.decodeEncodedWords(value, DecodeMonitor.SILENT));
  }
}
