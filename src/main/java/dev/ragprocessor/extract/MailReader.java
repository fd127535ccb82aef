package dev.ragprocessor.extract;

import dev.ragprocessor.extract.Detection.Detected;
import dev.ragprocessor.extract.ExtractionException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.message.DefaultBodyDescriptorBuilder;
import org.apache.james.mime4j.parser.MimeStreamParser;
import org.apache.james.mime4j.stream.MimeConfig;

/**
 * Reads a mail (RFC 5322 and MIME): who wrote it to whom, what it says, and each attachment that is
 * a document, at a place that names it. An attachment that cannot be read is named, and fails
 * alone; one that costs too much fails the mail. Belongs to one thread.
 */
final class MailReader {
  private static final MimeConfig LENIENT =
      MimeConfig.custom()
          .setMaxLineLen(1 << 20)
          .setMaxHeaderLen(1 << 20)
          .setMaxHeaderCount(10_000)
          .build();

  private final Readers readers;
  private final Passages passages;

  MailReader(Readers readers, Passages passages) {
    this.readers = readers;
    this.passages = passages;
  }

  /** Returns the subject, or an empty string. */
  String read(Path content) throws ExtractionException {
    MimeStreamParser parser =
        new MimeStreamParser(
            LENIENT, DecodeMonitor.SILENT, new DefaultBodyDescriptorBuilder("text/plain"));
    MailParts parts = new MailParts(this);
    parser.setContentHandler(parts);
    parser.setContentDecoding(true);
    // A forwarded mail counts as an attachment, whose depth is bounded.
    parser.setNoRecurse();
    try (InputStream stream = Files.newInputStream(content)) {
      parser.parse(stream);
      return parts.subject();
    } catch (UnreadablePartException e) {
      throw e.reason();
    } catch (MimeException | IOException e) {
      throw new ExtractionException(
          Reason.CORRUPT,
          "This mail is damaged, or nested beyond reason; save it again where it was received.",
          e);
    }
  }

  /** Reads lines of the mail itself. */
  void lines(String lines) {
    passages.budget().spend(lines.length());
    passages.paragraph(lines);
  }

  void plain(String text) {
    PlainTextReader.prose(text, passages);
  }

  void html(String markup) throws ExtractionException {
    readers.html(markup, passages);
  }

  /** A part's text, cleaned. */
  String decode(InputStream part, String charset) throws IOException {
    long room = passages.budget().room();
    byte[] bytes = part.readNBytes((int) Math.min(Integer.MAX_VALUE - 8L, 4 * room + 4));
    passages.budget().requireRoomFor(bytes.length / 4);
    try {
      Charset declared = Charset.forName(charset);
      // US-ASCII is what nobody has declared; its bytes, and those of UTF-8, tell themselves.
      if (!declared.equals(StandardCharsets.US_ASCII) && !declared.equals(StandardCharsets.UTF_8)) {
        return CleanText.of(new String(bytes, declared));
      }
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      // Nobody knows it, so the bytes tell.
    }
    return TextDecoder.decode(bytes).orElse("");
  }

  /** Reads what is attached, below its name. */
  void attachment(String name, String mediaType, InputStream part)
      throws ExtractionException, IOException {
    Path copy = Files.createTempFile("rag-attachment-", ".tmp");
    try {
      Files.copy(part, copy, StandardCopyOption.REPLACE_EXISTING);
      passages.attachment(name, () -> attached(copy, name, mediaType));
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private void attached(Path copy, String name, String mediaType) {
    try {
      if (FileSize.of(copy) == 0) {
        throw new ExtractionException(Reason.EMPTY, "It is empty.", null);
      }
      Detected detected = readers.detect(copy, name, mediaType);
      if (detected.kind().category().isPresent()) {
        unread(name, "Its type is " + detected.mediaType() + ".");
      } else {
        readers.read(copy, detected, passages);
      }
    } catch (ExtractionException e) {
      passages.budget().throwIfReached();
      unread(name, String.valueOf(e.getMessage()));
    }
  }

  private void unread(String name, String why) {
    lines("The attachment " + name + " was not read. " + why);
  }
}
