package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.Browser;
import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in a real browser, over the whole program with its local model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageIT {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private static final String BREAD =
      """
      # Breads

      ## For everybody

      | Bread | Gluten | Price |
      | --- | --- | --- |
      | Rye loaf | yes | 5.80 |
      | Buckwheat rounds | no | 5.20 |

      Only the buckwheat rounds are free of gluten.

      ## The shop

      We open at seven, and <b>close</b> when everything is sold.
      """;

  private Running program;
  private Browser browser;

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    program = Running.over(TestDatabases.create(), directory, Map.of());
    browser = new Browser();
  }

  @AfterAll
  void close() throws IOException {
    browser.close();
    program.close();
  }

  @BeforeEach
  void begin_at_the_overview() {
    browser.size(1280, 900);
    browser.colours("light");
    browser.open(URI.create("about:blank"));
    browser.open(program.application().address());
    browser.see("#connection", "Live");
  }

  @AfterEach
  void nothing_went_wrong_and_nothing_forbidden_was_tried() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void a_file_is_dropped_found_opened_at_its_place_and_deleted() {
    String buns = BREAD.replace("buckwheat rounds", "millet buns");
    browser.see(".views a", "Documents").click();
    browser.drop(".drop", "buns.md", buns);
    browser.see(".uploads .stage", "Can be found now");
    assertThat(program.file("buns.md")).hasContent(buns);
    browser.see("table.documents a", "buns.md");

    browser.see(".views a", "Search").click();
    browser.press("Are the millet buns free of gluten?", Keys.ENTER);
    WebElement hit = browser.see(".hit", "Only the millet buns");
    assertThat(hit.getText()).contains("buns.md").contains("For everybody");
    assertThat(hit.findElements(By.cssSelector("mark")))
        .extracting(WebElement::getText)
        .contains("millet", "buns", "free", "gluten");
    browser.screenshot(SCREENSHOTS.resolve("search-hit.png"));
    hit.findElement(By.cssSelector(".go")).click();

    WebElement place = browser.see(".chunk[aria-current=location]", "Only the millet buns");
    assertThat(browser.focused()).isEqualTo(place);
    browser.see(".chunk mark", "gluten");

    browser.see("button", "Delete").click();
    browser.screenshot(SCREENSHOTS.resolve("delete.png"));
    browser.see("dialog button", "Delete").click();
    browser.see(".notice", "buns.md was deleted");
    assertThat(program.file("buns.md")).doesNotExist();
    browser.gone("table.documents a", "buns.md");
    assertThat(program.search("millet buns")).noneMatch(text -> text.contains("millet"));
  }

  @Test
  void everything_is_reached_by_the_keyboard() throws IOException {
    String cakes = BREAD.replace("buckwheat rounds", "oat cakes");
    program.drop("keys.md", cakes.getBytes(StandardCharsets.UTF_8));
    program.ended("keys.md");
    browser.press(Keys.TAB);
    assertThat(browser.focused().getText()).isEqualTo("Skip to the content");
    browser.press(Keys.ENTER);
    assertThat(browser.focused().getAttribute("id")).isEqualTo("main");
    browser.tabTo(".search input", 2);
    browser.press("Are the oat cakes free of gluten?", Keys.ENTER);
    assertThat(browser.see(".hit").getText()).contains("keys.md").contains("oat cakes");
    browser.tabTo(".hit .go", 20);
    browser.press(Keys.ENTER);
    WebElement place = browser.see(".chunk[aria-current=location]");
    assertThat(browser.focused()).isEqualTo(place);

    browser.press(Keys.chord(Keys.SHIFT, Keys.TAB));
    browser.see("button", "Delete");
    browser.tabTo("button.warns", 40);
    browser.press(Keys.SPACE);
    browser.see("dialog");
    browser.press(Keys.ESCAPE);
    browser.gone("dialog", "");
    assertThat(browser.focused().getText()).isEqualTo("Delete");

    browser.press(Keys.ENTER);
    browser.see("dialog");
    browser.press(Keys.ARROW_DOWN, Keys.ENTER);
    browser.see(".notice", "keys.md was deleted");
    assertThat(program.file("keys.md")).as("only what was made of it").exists();
  }

  @Test
  void stored_text_is_never_html() throws IOException {
    String name = "<img src=x onerror=alert(1)>.md";
    String text = "Hostile bread <script>alert(2)</script> <img src=x onerror=alert(3)> &lt;";
    program.drop(name, ("# `<b>Bold</b>`\n\n`" + text + "`\n").getBytes(StandardCharsets.UTF_8));
    program.ended(name);
    browser.see(".job .name", name);
    browser.see(".search input").sendKeys("Hostile <i>bread</i>", Keys.ENTER);
    browser.see(".hit .passage", text);
    browser.see(".hit .place", "<b>Bold</b>");
    browser.see(".hit a", name).click();
    browser.see("h1", name);
    browser.see(".chunk .passage", text);
    assertThat(browser.run("return document.querySelectorAll('main img, main script').length"))
        .isEqualTo("0");
  }

  @Test
  void a_failure_is_shown_with_its_reason_and_can_be_tried_again() throws IOException {
    program.drop("broken.pdf", "%PDF-1.7\nnot a page in it".getBytes(StandardCharsets.UTF_8));
    Instance.JobLine job = program.ended("broken.pdf");
    assertThat(job.error()).isNotEmpty();
    WebElement shown = browser.see("#failed ~ *, section[aria-labelledby=failed]", "broken.pdf");
    assertThat(shown.getText()).contains(job.error()).contains("Retry");
    browser.screenshot(SCREENSHOTS.resolve("failed.png"));
    browser.see("button[aria-label='Retry broken.pdf']").click();
    browser.see(".notice", "broken.pdf is tried again");
    browser.see(".views a", "Jobs").click();
    browser.see(".chip", "Error").click();
    browser.see(".job details").click();
    browser.see(".attempts", "Error");
  }

  @Test
  void the_browser_tells_what_the_policy_forbids() {
    browser.run(
        "const script = document.createElement('script'); script.textContent = 'window.owned = 1';"
            + " document.body.append(script);");
    assertThat(browser.complaints()).anyMatch(said -> said.contains("Content Security Policy"));
    assertThat(browser.run("return window.owned")).isEqualTo("null");
  }

  @ParameterizedTest
  @CsvSource({"light, 1280, 900", "dark, 1280, 900", "light, 390, 844"})
  void nothing_keeps_people_from_using_it(String colours, int width, int height)
      throws IOException {
    program.drop("shown.md", BREAD.getBytes(StandardCharsets.UTF_8));
    program.ended("shown.md");
    browser.colours(colours);
    browser.size(width, height);
    assertUsable("overview", "", ".job .name", colours, width);
    assertUsable("search", "#/search?q=free+of+gluten", ".hit", colours, width);
    assertUsable("jobs", "#/jobs", ".job", colours, width);
    assertUsable("documents", "#/documents", "table.documents a", colours, width);
    browser.see("table.documents a", "shown.md").click();
    assertUsable("document", "", ".chunk", colours, width);
    browser.see("#settings").click();
    assertUsable("settings", "", "dialog", colours, width);
  }

  private void assertUsable(String view, String hash, String sign, String colours, int width) {
    if (!hash.isEmpty()) {
      browser.run("location.hash = arguments[0]", hash);
    }
    browser.see(sign);
    browser.screenshot(SCREENSHOTS.resolve("%s-%s-%d.png".formatted(view, colours, width)));
    assertThat(browser.barriers()).as(view).isEmpty();
    assertThat(browser.run("return document.documentElement.scrollWidth > innerWidth"))
        .as("%s is wider than the window", view)
        .isEqualTo("false");
  }
}
