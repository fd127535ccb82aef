package dev.ragprocessor.extract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the sample bucket: the papers of a small community bakery that does not exist, in English,
 * German, Spanish and French. To write it anew, run this class from the project's folder with the
 * test class path; the Office formats carry the time of writing, so their bytes differ each time.
 */
final class SampleFiles {
  private static final Path BUCKET = Path.of("src", "samples", "library");

  private SampleFiles() {}

  /** Writes every sample below {@code src/samples/library}, or below the folder given. */
  public static void main(String... arguments) throws IOException {
    Path bucket = arguments.length > 0 ? Path.of(arguments[0]) : BUCKET;
    for (Map.Entry<String, byte[]> sample : samples().entrySet()) {
      Path file = bucket.resolve(sample.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, sample.getValue());
    }
  }

  /** The samples by name, in the order of the names. */
  static Map<String, byte[]> samples() throws IOException {
    Map<String, byte[]> samples = new LinkedHashMap<>();
    samples.put("baking/sourdough-handbook.pdf", handbook());
    samples.put("baking/backkurs.md", utf8(COURSE));
    samples.put("baking/oven-rota.xlsx", rota());
    samples.put("house/allergens.docx", allergens());
    samples.put("house/satzung.odt", rules());
    samples.put("house/volunteers.pptx", volunteers());
    samples.put("shop/carta-del-molino.txt", MILL_LETTER.getBytes(StandardCharsets.UTF_16));
    samples.put("shop/livraisons.html", utf8(DELIVERIES));
    samples.put("shop/price-list.csv", utf8(PRICES));
    return samples;
  }

  private static byte[] handbook() throws IOException {
    return Documents.pdf(
        "Sourdough handbook of the Lindenhof bakery",
        List.of(
            List.of(
                "# 1. The starter",
                "Our starter is called Frieda. She has lived in the blue crock since 2009.",
                "At room temperature the sourdough starter must be fed every twelve hours,",
                "with equal weights of starter, rye flour and water at 28 degrees.",
                "In the refrigerator one feeding a week is enough. A starter that smells of",
                "nail polish is hungry: feed it twice before you bake with it.",
                "Never use the last of it. Keep at least fifty grams back, always."),
            List.of(
                "# 2. The dough",
                "Mix flour and water first and let them rest for forty minutes; only then add",
                "salt and starter. Two percent of the flour's weight is the right amount of salt.",
                "The dough is ready to be shaped when it has grown by half and a wet finger",
                "leaves a dent that fills up slowly. In winter this can take seven hours."),
            List.of(
                "# 3. The oven",
                "Heat the stone oven for ninety minutes to 250 degrees. Bake rye loaves for",
                "fifty-five minutes, with steam during the first ten. Turn the heat down to",
                "210 degrees after a quarter of an hour.",
                "A loaf is done when it sounds hollow and its core has reached 97 degrees.",
                "If the fire alarm goes off, open the north door first and call Marta.")));
  }

  private static byte[] allergens() throws IOException {
    return Documents.docx(
        "Allergens and hygiene",
        List.of(
            new Documents.Heading(1, "Allergens and hygiene"),
            new Documents.Paragraph(
                "Everybody who sells bread has to know this page by heart and must never guess."),
            new Documents.Heading(2, "What is in our bread"),
            new Documents.Table(
                List.of(
                    List.of("Product", "Gluten", "Nuts", "Milk", "Sesame"),
                    List.of("Rye loaf", "yes", "no", "no", "no"),
                    List.of("Walnut loaf", "yes", "walnuts", "no", "no"),
                    List.of("Butter brioche", "yes", "traces", "yes", "no"),
                    List.of("Buckwheat rounds", "no", "no", "no", "yes"))),
            new Documents.Paragraph(
                "Only the buckwheat rounds are free of gluten. They are baked on Thursdays, before"
                    + " any wheat is brought into the room."),
            new Documents.Heading(2, "Cleaning"),
            new Documents.Paragraph(
                "Wooden tables are scraped and brushed dry; water makes the wood mouldy. The"
                    + " kneading machine is washed every evening, its bowl with hot water and"
                    + " without soap."),
            new Documents.Heading(3, "When somebody is ill"),
            new Documents.Paragraph(
                "Whoever had a stomach illness stays away for two full days after the last"
                    + " symptom and tells the kitchen lead.")));
  }

  private static byte[] rules() {
    return Documents.odt(
        List.of(
            new Documents.Heading(1, "Satzung der Backgemeinschaft Lindenhof"),
            new Documents.Heading(2, "Mitgliedschaft"),
            new Documents.Paragraph(
                "Mitglied kann jede Person werden, die das sechzehnte Lebensjahr vollendet hat. Der"
                    + " Jahresbeitrag beträgt vierundzwanzig Euro; Schülerinnen, Schüler und"
                    + " Studierende zahlen die Hälfte."),
            new Documents.Paragraph(
                "Der Austritt ist jederzeit zum Monatsende möglich. Es genügt ein Zettel im"
                    + " Briefkasten neben der Backstube."),
            new Documents.Heading(2, "Mitgliederversammlung"),
            new Documents.Paragraph(
                "Die Mitgliederversammlung tritt im März zusammen. Sie ist beschlussfähig, wenn"
                    + " mindestens fünfzehn Mitglieder anwesend sind.")));
  }

  private static byte[] rota() throws IOException {
    Map<String, List<List<String>>> sheets = new LinkedHashMap<>();
    sheets.put(
        "Ovens",
        List.of(
            List.of("Day", "Oven", "First batch", "Baker"),
            List.of("Monday", "closed", "", ""),
            List.of("Tuesday", "stone oven", "04:30", "Marta"),
            List.of("Thursday", "small oven", "05:00", "Ibrahim"),
            List.of("Saturday", "stone oven", "03:45", "Chloé")));
    sheets.put(
        "Firewood",
        List.of(
            List.of("Delivery", "Wood", "Cubic metres"),
            List.of("October", "beech", "6"),
            List.of("February", "birch", "4")));
    return Documents.xlsx(sheets);
  }

  private static byte[] volunteers() throws IOException {
    return Documents.pptx(
        List.of(
            List.of(
                "Welcome, new volunteers",
                "One shift a month, four hours long",
                "Your first two shifts are together with an experienced baker"),
            List.of(
                "What to bring",
                "Closed shoes, an apron and a cap",
                "No rings, no watches, no nail polish"),
            List.of(
                "What you get",
                "Two loaves for every shift",
                "A summer party on the last Sunday of June")));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final String COURSE =
      """
      # Backkurs für Anfänger

      Der Kurs findet an jedem ersten Samstag im Monat von neun bis dreizehn Uhr in der Backstube
      statt. Er kostet 35 Euro; Mehl, Hefe und ein Mittagessen sind darin enthalten.

      ## Anmeldung

      Bitte melden Sie sich spätestens **drei Tage vorher** im Laden an. Bei weniger als vier
      Teilnehmenden fällt der Kurs aus.

      ## Was wir backen

      - Roggenmischbrot mit Sauerteig
      - Brezeln, die in Natronlauge getaucht werden
      - Hefezopf mit Mandeln

      ## Häufige Fehler

      | Fehler | Ursache | Abhilfe |
      | --- | --- | --- |
      | Das Brot ist flach | Der Teig ging zu lange | Weniger Zeit oder ein kühlerer Ort |
      | Die Kruste ist weich | Zu wenig Hitze | Fünf Minuten länger backen |
      | Die Krume klebt | Zu früh angeschnitten | Zwei Stunden auskühlen lassen |
      """;

  private static final String DELIVERIES =
      """
      <!DOCTYPE html>
      <html lang="fr">
        <head><meta charset="utf-8"><title>Livraisons de la boulangerie</title></head>
        <body>
          <h1>Livraisons</h1>
          <p>Nous livrons le pain à vélo dans tout le quartier, du mardi au samedi, entre sept
          heures et neuf heures du matin.</p>
          <h2>Tarifs</h2>
          <p>La livraison est gratuite à partir de quinze euros ; en dessous, elle coûte deux
          euros.</p>
          <h2>Commandes</h2>
          <ul>
            <li>Commandez avant dix-huit heures pour être livré le lendemain.</li>
            <li>Une commande peut être annulée jusqu'à vingt heures.</li>
          </ul>
        </body>
      </html>
      """;

  private static final String MILL_LETTER =
      """
      Carta del molino

      Estimados amigos de la panadería:

      A partir de enero molemos el trigo los lunes y los jueves. La harina integral se conserva
      seis semanas; la harina blanca, un año, si se guarda en un lugar seco y oscuro.

      El saco de veinticinco kilos cuesta ahora treinta y un euros. Quien devuelve los sacos
      vacíos recibe un euro por cada uno.

      El camino del río está cortado por las obras: vengan, por favor, por el puente viejo.

      Con un saludo,
      Lucía, molinera
      """;

  private static final String PRICES =
      """
      Product,Weight in grams,Price in euros,Baked on
      Rye loaf,1000,5.80,Tuesday and Saturday
      Walnut loaf,750,6.40,Saturday
      Butter brioche,400,4.90,Saturday
      Buckwheat rounds,300,5.20,Thursday
      Pretzel,90,1.30,every day but Monday
      Yesterday's bread,1000,2.90,until sold out
      """;
}
