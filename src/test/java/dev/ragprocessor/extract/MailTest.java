package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.extract.ExtractionException.Reason;
import dev.ragprocessor.extract.Passage.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Mails, and what is attached to them. */
class MailTest extends ExtractorFixture {
  private static final String HEADER =
      """
      From: =?utf-8?q?J=C3=B6rg?= <joerg@example.org>
      To: marta@example.org
      Date: Mon, 5 Jan 2026 08:00:00 +0100
      Subject: =?utf-8?b?QnLDtnRjaGVu?= and more
      MIME-Version: 1.0
      """;
  private static final String HEADER_READ =
      """
      From: Jörg <joerg@example.org>
      To: marta@example.org
      Date: Mon, 5 Jan 2026 08:00:00 +0100
      Subject: Brötchen and more""";

  @Test
  void a_mail_says_who_wrote_what_to_whom() throws Exception {
    Extracted.Text mail =
        extract(
            crlf(
                HEADER
                    + """
                    Content-Type: text/plain; charset=iso-8859-1
                    Content-Transfer-Encoding: quoted-printable

                    Die Br=F6tchen sind fertig.

                    J=F6rg
                    """),
            "brot.eml");

    assertThat(mail.kind()).isEqualTo(FileKind.MAIL);
    assertThat(mail.title()).isEqualTo("Brötchen and more");
    assertThat(mail.passages())
        .extracting(Passage::text)
        .containsExactly(HEADER_READ, "Die Brötchen sind fertig.", "Jörg");
  }

  @Test
  void a_mail_that_is_not_in_the_utf_8_it_declares_is_read_in_its_own_encoding() throws Exception {
    String text = "Die Bäckerei öffnet für Gäste täglich außer montags";
    String mail =
        "From: joerg@example.org\nContent-Type: text/plain; charset=utf-8\n"
            + "Content-Transfer-Encoding: 8bit\n\n"
            + text;

    assertThat(texts(mail.getBytes(StandardCharsets.ISO_8859_1), "a.eml").getLast())
        .isEqualTo(text);
  }

  @Test
  void a_mail_is_known_by_its_content_whatever_it_is_called() throws Exception {
    String mail =
        crlf("Received: from a by b\nMessage-ID: <1@example.org>\n" + HEADER + "\nHello there\n");

    assertThat(extract(mail, "letter.bin").kind()).isEqualTo(FileKind.MAIL);
    assertThat(extract(mail, "letter.txt").kind()).isEqualTo(FileKind.MAIL);
  }

  @Test
  void of_two_formats_of_one_text_the_one_with_structure_is_read() throws Exception {
    String mail =
        HEADER
            + """
            Content-Type: multipart/alternative; boundary=b

            --b
            Content-Type: text/plain

            Prices: rye 5
            --b
            Content-Type: multipart/related; boundary=c

            --c
            Content-Type: text/html; charset=utf-8

            <h1>Prices</h1><table><tr><td>Loaf</td><td>Euro</td></tr>
            <tr><td>Röggelchen</td><td>5</td></tr></table>
            --c
            Content-Type: image/png
            Content-ID: <logo>

            not read
            --c--
            --b--
            """;

    assertThat(extract(crlf(mail), "a.eml").passages().subList(1, 3))
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "Prices", below("", "Prices")),
            new Passage(
                Kind.TABLE,
                "| Loaf | Euro |\n| --- | --- |\n| Röggelchen | 5 |",
                below("", "Prices")));
  }

  @Test
  void an_attachment_is_read_at_a_place_that_names_it() throws Exception {
    byte[] pdf = Documents.pdf("Rota", List.of(List.of("Marta bakes."), List.of("Ali sells.")));
    byte[] docx =
        Documents.docx(
            "", List.of(new Documents.Heading(1, "Rye"), new Documents.Paragraph("Sour.")));

    Extracted.Text mail = extract(mail("See below.", Map.of("rota.pdf", pdf)), "a.eml");

    assertThat(mail.passages().subList(1, 4))
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "See below.", Place.START),
            new Passage(Kind.PARAGRAPH, "Marta bakes.", new Place(1, "", List.of(), "rota.pdf")),
            new Passage(Kind.PARAGRAPH, "Ali sells.", new Place(2, "", List.of(), "rota.pdf")));
    byte[] forwarded = mail("Forwarded.", Map.of("rye.docx", docx));
    assertThat(extract(mail("Look.", Map.of("fwd.eml", forwarded)), "a.eml").passages().getLast())
        .isEqualTo(new Passage(Kind.PARAGRAPH, "Sour.", below("fwd.eml > rye.docx", "Rye")));
  }

  @Test
  void an_attachment_that_cannot_be_read_is_named_and_fails_alone() throws Exception {
    List<String> read =
        texts(mail("Hello.", Map.of("secret.pdf", Documents.encryptedPdf("x"))), "a.eml");
    assertThat(read).contains("Hello.");
    assertThat(read.getLast()).contains("secret.pdf").contains("password");

    assertThat(
            texts(
                mail(
                    "Hi.",
                    Map.of("a.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10})),
                "a.eml"))
        .last()
        .asString()
        .isEqualTo("The attachment a.png was not read. Its type is image/png.");
    assertThat(texts(mail("Hi.", Map.of("a.docx", new byte[] {'P', 'K', 3, 4, 0, 0, 0})), "a.eml"))
        .last()
        .asString()
        .startsWith("The attachment a.docx was not read.");
  }

  @Test
  void attachments_share_the_limits_of_their_mail() throws Exception {
    byte[] words = "words and words ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    Extractor small =
        new Extractor(
            new ExtractionSettings(100_000, 3, 2, 200, ExtractionSettings.DEFAULT.timeLimit()));

    assertThat(failure(small, mail("Hi.", Map.of("a.txt", words)), "a.eml").reason())
        .isEqualTo(Reason.TOO_MUCH_TEXT);
    byte[] nested = mail("innermost", Map.of());
    for (int i = 0; i < 2; i++) {
      nested = mail("depth " + i, Map.of("inner.eml", nested));
    }
    assertThat(small.extract(file(nested), "a.eml", "")).isInstanceOf(Extracted.Text.class);
    assertThat(failure(small, mail("one more", Map.of("inner.eml", nested)), "a.eml"))
        .hasMessageContaining("limit of 2 deep")
        .extracting(ExtractionException::reason)
        .isEqualTo(Reason.NESTED_TOO_DEEPLY);
  }

  @Test
  void an_encrypted_mail_says_so() throws Exception {
    for (String type :
        List.of(
            "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b",
            "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")) {
      byte[] mail =
          crlf(HEADER + "Content-Type: " + type + "\n\n--b\n\nx\n--b--\n")
              .getBytes(StandardCharsets.UTF_8);
      assertThat(failure(mail, "a.eml").reason()).isEqualTo(Reason.ENCRYPTED);
    }
  }

  @Test
  void a_mail_of_parts_without_end_does_no_harm() throws Exception {
    StringBuilder mail = new StringBuilder(HEADER);
    for (int i = 0; i < 20_000; i++) {
      mail.append("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n".formatted(i, i));
    }
    String outcome;
    try {
      outcome = texts(crlf(mail + "\nend"), "a.eml").getFirst();
    } catch (ExtractionException e) {
      outcome = e.reason().toString();
    }
    assertThat(outcome).containsAnyOf("Jörg", "CORRUPT", "TOO_");
  }

  private static byte[] mail(String text, Map<String, byte[]> attachments) throws IOException {
    StringBuilder mail =
        new StringBuilder(HEADER)
            .append("Content-Type: multipart/mixed; boundary=outer-")
            .append(attachments.hashCode())
            .append("\n\n");
    String boundary = "--outer-" + attachments.hashCode();
    mail.append(boundary).append("\nContent-Type: text/plain\n\n").append(text).append('\n');
    attachments.forEach(
        (name, content) ->
            mail.append(boundary)
                .append(
                    "\nContent-Type: application/octet-stream\nContent-Disposition: attachment;")
                .append(" filename=\"")
                .append(name)
                .append("\"\nContent-Transfer-Encoding: base64\n\n")
                .append(Base64.getMimeEncoder().encodeToString(content))
                .append('\n'));
    return crlf(mail.append(boundary).append("--\n").toString()).getBytes(StandardCharsets.UTF_8);
  }

  private static String crlf(String text) {
    return text.replace("\r\n", "\n").replace("\n", "\r\n");
  }

  private static Place below(String attachment, String heading) {
    return new Place(0, "", List.of(heading), attachment);
  }
}
