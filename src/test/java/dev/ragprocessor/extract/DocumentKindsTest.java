package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.extract.Passage.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What survives of each kind of document. */
class DocumentKindsTest extends ExtractorFixture {
  private static final List<List<String>> PRICES =
      List.of(List.of("Loaf", "Euro"), List.of("Rye|wheat", "5,80"));
  private static final String PRICES_TABLE =
      "| Loaf | Euro |\n| --- | --- |\n| Rye\\|wheat | 5,80 |";

  @Test
  void a_pdf_keeps_its_pages_and_its_title() throws Exception {
    byte[] pdf =
        Documents.pdf(
            "Oven book", List.of(List.of("The first page."), List.of("The second page.")));

    Extracted.Text text = extract(pdf, "oven.pdf");

    assertThat(text.mediaType()).isEqualTo("application/pdf");
    assertThat(text.title()).isEqualTo("Oven book");
    assertThat(text.passages())
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "The first page.", new Place(1, "", List.of())),
            new Passage(Kind.PARAGRAPH, "The second page.", new Place(2, "", List.of())));
  }

  @Test
  void a_word_document_keeps_its_headings_and_tables() throws Exception {
    byte[] docx =
        Documents.docx(
            "Recipes",
            List.of(
                new Documents.Heading(1, "Bread"),
                new Documents.Heading(2, "Rye"),
                new Documents.Paragraph("Rye needs acid."),
                new Documents.Table(PRICES),
                new Documents.Heading(2, "Wheat"),
                new Documents.Paragraph("Wheat does not.")));

    Extracted.Text text = extract(docx, "recipes.docx");

    Place rye = new Place(0, "", List.of("Bread", "Rye"));
    Place wheat = new Place(0, "", List.of("Bread", "Wheat"));
    assertThat(text.title()).isEqualTo("Recipes");
    assertThat(text.passages())
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "Bread", rye),
            new Passage(Kind.PARAGRAPH, "Rye", rye),
            new Passage(Kind.PARAGRAPH, "Rye needs acid.", rye),
            new Passage(Kind.TABLE, PRICES_TABLE, rye),
            new Passage(Kind.PARAGRAPH, "Wheat", wheat),
            new Passage(Kind.PARAGRAPH, "Wheat does not.", wheat));
  }

  @Test
  void a_workbook_keeps_its_sheets() throws Exception {
    assertThat(extract(Documents.xlsx(twoSheets()), "prices.xlsx").passages())
        .containsExactlyElementsOf(twoSheetsExpected());
  }

  @Test
  void an_open_document_spreadsheet_keeps_its_sheets() throws Exception {
    assertThat(extract(Documents.ods(twoSheets()), "prices.ods").passages())
        .containsExactlyElementsOf(twoSheetsExpected());
  }

  @Test
  void slides_are_numbered_as_pages() throws Exception {
    byte[] pptx =
        Documents.pptx(List.of(List.of("Welcome", "Bring an apron"), List.of("Thanks", "Bye")));

    assertThat(extract(pptx, "welcome.pptx").passages())
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "Welcome", new Place(1, "", List.of("Welcome"))),
            new Passage(Kind.PARAGRAPH, "Bring an apron", new Place(1, "", List.of("Welcome"))),
            new Passage(Kind.PARAGRAPH, "Thanks", new Place(2, "", List.of("Thanks"))),
            new Passage(Kind.PARAGRAPH, "Bye", new Place(2, "", List.of("Thanks"))));
  }

  @Test
  void open_document_slides_are_numbered_as_pages() throws Exception {
    byte[] odp = Documents.odp(List.of(List.of("Eins"), List.of("Zwei")));

    assertThat(extract(odp, "folien.odp").passages())
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "Eins", new Place(1, "", List.of("Eins"))),
            new Passage(Kind.PARAGRAPH, "Zwei", new Place(2, "", List.of("Zwei"))));
  }

  @Test
  void an_open_document_text_keeps_its_headings_and_tables() throws Exception {
    byte[] odt =
        Documents.odt(
            List.of(
                new Documents.Heading(1, "Satzung"),
                new Documents.Paragraph("Für alle."),
                new Documents.Table(PRICES)));

    Place place = new Place(0, "", List.of("Satzung"));
    assertThat(extract(odt, "satzung.odt").passages())
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "Satzung", place),
            new Passage(Kind.PARAGRAPH, "Für alle.", place),
            new Passage(Kind.TABLE, PRICES_TABLE, place));
  }

  @Test
  void rich_text_keeps_its_paragraphs_and_umlauts() throws Exception {
    String rtf =
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\\pard\\f0 Br\\'f6tchen\\par"
            + " Zweiter Absatz \\u8364?\\par}";

    assertThat(texts(rtf, "brot.rtf")).containsExactly("Brötchen", "Zweiter Absatz €");
  }

  @Test
  void a_book_keeps_its_title_and_headings() throws Exception {
    byte[] epub = Documents.epub("Bread & life", "<h1>Dawn</h1><p>The oven <b>is</b> cold.</p>");

    Extracted.Text text = extract(epub, "bread.epub");

    assertThat(text.title()).isEqualTo("Bread & life");
    Place dawn = new Place(0, "", List.of("Dawn"));
    assertThat(text.passages())
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "Dawn", dawn),
            new Passage(Kind.PARAGRAPH, "The oven is cold.", dawn));
  }

  @Test
  void html_keeps_headings_lists_tables_and_preformatted_text_and_drops_scripts() throws Exception {
    Extracted.Text text =
        extract(
            """
            <!DOCTYPE html><html><head><title>Our &amp; bread</title><style>p{}</style></head><body>
            <h1>Shop</h1><p>Open
              every <a href="/day">day</a>.<br>Nearly.</p>
            <ul><li>rye<ul><li>dark</li></ul></li><li><p>wheat</p></li></ul>
            <table><caption>Prices</caption><thead><tr><th>Loaf</th><th>Euro</th></tr></thead>
            <tr><td>Rye|wheat</td><td><p>5,80</p></td></tr></table>
            <pre>  mix()
              bake()</pre><script>alert(1)</script><h2>Way</h2><div>By <i>bus</i></div>
            <table><tr><td>only one column</td></tr></table></body></html>""",
            "shop.html");

    Place shop = new Place(0, "", List.of("Shop"));
    Place way = new Place(0, "", List.of("Shop", "Way"));
    assertThat(text.title()).isEqualTo("Our & bread");
    assertThat(text.passages())
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "Shop", shop),
            new Passage(Kind.PARAGRAPH, "Open every day. Nearly.", shop),
            new Passage(Kind.PARAGRAPH, "- rye\n  - dark\n- wheat", shop),
            new Passage(Kind.PARAGRAPH, "Prices", shop),
            new Passage(Kind.TABLE, PRICES_TABLE, shop),
            new Passage(Kind.CODE, "  mix()\n  bake()", shop),
            new Passage(Kind.PARAGRAPH, "Way", way),
            new Passage(Kind.PARAGRAPH, "By bus", way),
            new Passage(Kind.PARAGRAPH, "only one column", way));
  }

  @Test
  void markdown_keeps_headings_lists_tables_and_code_and_drops_marks() throws Exception {
    Extracted.Text text =
        extract(
            """
            ---
            author: Marta
            ---
            # Bread *today*

            ## Rye

            Rye needs [acid](https://example.org)
            and **time**.

            > Said Marta.

            1. mix
               - gently
            2. bake

            | Loaf | Euro |
            | --- | ---: |
            | Rye\\|wheat | 5,80 |

            ```sh
              bake --hot
            ```

            <div>raw <b>html</b></div>

            Setext
            ------
            """,
            "bread.md");

    Place rye = new Place(0, "", List.of("Bread today", "Rye"));
    assertThat(text.title()).isEqualTo("Bread today");
    assertThat(text.passages())
        .containsExactly(
            new Passage(Kind.PARAGRAPH, "author: Marta", Place.START),
            new Passage(Kind.PARAGRAPH, "Bread today", rye),
            new Passage(Kind.PARAGRAPH, "Rye", rye),
            new Passage(Kind.PARAGRAPH, "Rye needs acid and time.", rye),
            new Passage(Kind.PARAGRAPH, "Said Marta.", rye),
            new Passage(Kind.PARAGRAPH, "- mix\n  - gently\n- bake", rye),
            new Passage(Kind.TABLE, PRICES_TABLE, rye),
            new Passage(Kind.CODE, "  bake --hot", rye),
            new Passage(Kind.PARAGRAPH, "raw html", rye),
            new Passage(
                Kind.PARAGRAPH, "Setext", new Place(0, "", List.of("Bread today", "Setext"))));
  }

  @Test
  void separated_values_are_a_table_whatever_separates_them() throws Exception {
    Passage table = new Passage(Kind.TABLE, PRICES_TABLE, Place.START);
    assertThat(extract("Loaf,Euro\r\nRye|wheat,\"5,80\"\r\n", "a.csv").passages())
        .containsExactly(table);
    assertThat(extract("Loaf;Euro\nRye|wheat;5,80\n", "a.csv").passages()).containsExactly(table);
    assertThat(extract("Loaf\tEuro\nRye|wheat\t5,80\n", "a.tsv").passages()).containsExactly(table);
  }

  @Test
  void separated_values_keep_line_ends_inside_quotes_in_one_row() throws Exception {
    assertThat(texts("a,b\n\"one\ntwo\",3\n", "a.csv"))
        .containsExactly("| a | b |\n| --- | --- |\n| one two | 3 |");
  }

  @Test
  void a_quote_that_never_ends_loses_no_text() throws Exception {
    assertThat(String.join("\n", texts("a,b\n1,\"open\n2,x\n", "a.csv")))
        .contains("open")
        .contains("2,x");
  }

  @Test
  void xml_gives_a_line_for_each_value_and_a_passage_for_each_record() throws Exception {
    assertThat(
            texts(
                """
                <?xml version="1.0" encoding="ISO-8859-1"?>
                <shop><loaf><name>Rye &amp; wheat</name><euro>5,80</euro></loaf>
                <loaf><name>Brioche</name></loaf><note>Open <b>early</b> today</note></shop>""",
                "shop.xml"))
        .containsExactly("name: Rye & wheat\neuro: 5,80", "name: Brioche", "Open early today");
  }

  @Test
  void plain_text_is_parted_by_blank_lines() throws Exception {
    assertThat(texts("one\ntwo\r\n \t\r\n  three\n\n\n\nfour\f five", "a.txt"))
        .containsExactly("one\ntwo", "three", "four", "five");
  }

  @Test
  void code_keeps_its_indentation() throws Exception {
    assertThat(extract("def bake():\n    heat()\n\n    wait()\n", "bake.py").passages())
        .containsExactly(
            new Passage(Kind.CODE, "def bake():\n    heat()", Place.START),
            new Passage(Kind.CODE, "    wait()", Place.START));
  }

  @Test
  void json_gives_a_line_for_each_value_and_a_passage_for_each_record() throws Exception {
    assertThat(
            texts(
                """
                {"shop": {"name": "Lindenhof", "open": true, "closed": null},
                 "loaves": [{"name": "Rye", "grain": ["rye", "wheat"], "euro": 5.80},
                            {"name": "Oat", "sizes": [{"g": 500}]}]}""",
                "shop.json"))
        .containsExactly(
            "shop.name: Lindenhof\nshop.open: true",
            "loaves.name: Rye\nloaves.grain: rye, wheat\nloaves.euro: 5.80",
            "loaves.name: Oat",
            "loaves.sizes.g: 500");
  }

  @Test
  void each_line_of_json_is_a_record() throws Exception {
    String lines = "{\"loaf\": \"Rye\", \"euro\": 5}\n{\"loaf\": \"Oat\"}\n";

    assertThat(texts(lines, "a.jsonl")).containsExactly("loaf: Rye\neuro: 5", "loaf: Oat");
    assertThat(texts(lines, "a.ndjson")).hasSize(2);
    assertThat(texts(lines, "a.json")).hasSize(2);
  }

  @Test
  void what_is_no_json_any_more_is_read_as_it_stands() throws Exception {
    assertThat(texts("[{\"loaf\": \"Rye\"}, {\"loaf\": Oat, \"euro\": 5}]", "a.json"))
        .containsExactly("loaf: Rye", "{\"loaf\": Oat, \"euro\": 5}]");
  }

  private static Map<String, List<List<String>>> twoSheets() {
    Map<String, List<List<String>>> sheets = new LinkedHashMap<>();
    sheets.put("Prices", PRICES);
    sheets.put("Flour", List.of(List.of("Kind", "kg"), List.of("rye", "25")));
    return sheets;
  }

  private static List<Passage> twoSheetsExpected() {
    return List.of(
        new Passage(Kind.TABLE, PRICES_TABLE, new Place(0, "Prices", List.of())),
        new Passage(
            Kind.TABLE,
            "| Kind | kg |\n| --- | --- |\n| rye | 25 |",
            new Place(0, "Flour", List.of())));
  }
}
