package dev.ragprocessor.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A real Chromium without a window, with a profile of its own; it ends when it is closed or this
 * JVM ends. Debian's packages are installed where they are missing and this is root, else the test
 * says what to install.
 */
public final class Browser implements AutoCloseable {
  /** What a person would wait for, and a busy machine needs. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

  private static final String END =
      """
      kill -KILL "$2" "$3"
      rm -rf -- "$1"
      """;

  private final ChromeDriver driver;
  private final Tether tether;

  /** Promises a browser that shows nothing yet. */
  public Browser() throws IOException {
    DebianPackages.require("Chromium", PROGRAM, "chromium", "chromium-driver");
    DebianPackages.require("ChromeDriver", DRIVER, "chromium-driver");
    Path profile = Files.createTempDirectory("rag-test-chromium-");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(PROGRAM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    // Told where both programs are, Selenium looks for none and fetches none.
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .withSilent(true)
                .build(),
            options);
    ProcessHandle driving = child(ProcessHandle.current(), DRIVER);
    ProcessHandle browsing = driving.children().findFirst().orElseThrow();
    tether = new Tether(END, profile.toString(), "" + driving.pid(), "" + browsing.pid());
    size(1280, 900);
  }

  private static ProcessHandle child(ProcessHandle parent, Path program) {
    return parent
        .children()
        .filter(
            process -> process.info().command().orElse("").endsWith("/" + program.getFileName()))
        .reduce((_, newest) -> newest)
        .orElseThrow();
  }

  /** Opens an address. */
  public void open(URI address) {
    driver.get(address.toString());
  }

  /** Promises the address that is shown. */
  public String address() {
    return Objects.requireNonNull(driver.getCurrentUrl());
  }

  /** Promises the first element that is seen, as soon as it is. */
  public WebElement see(String css) {
    return await(css, () -> seen(css).stream().findFirst().orElse(null));
  }

  /** Promises the first element that is seen and says this, as soon as it is. */
  public WebElement see(String css, String text) {
    return await(
        css + " saying " + text,
        () ->
            seen(css).stream()
                .filter(element -> element.getText().contains(text))
                .findFirst()
                .orElse(null));
  }

  /** Waits until no such element is seen. */
  public void gone(String css, String text) {
    Boolean _ =
        await(
            "no " + css + " saying " + text,
            () ->
                seen(css).stream().noneMatch(element -> element.getText().contains(text))
                    ? true
                    : null);
  }

  private List<WebElement> seen(String css) {
    return driver.findElements(By.cssSelector(css)).stream()
        .filter(WebElement::isDisplayed)
        .toList();
  }

  private static <T> T await(String what, Search<T> search) {
    return Objects.requireNonNull(
        Awaitility.await(what)
            .atMost(PATIENCE)
            .ignoreException(StaleElementReferenceException.class)
            .until(search::find, Objects::nonNull));
  }

  /** Finds something, or null. */
  @FunctionalInterface
  private interface Search<T> {
    @Nullable T find();
  }

  /** Presses keys, whatever has the focus. */
  public void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Presses Tab until that element has the focus, at most so often. */
  public void tabTo(String css, int most) {
    for (int presses = 0; presses <= most; presses++) {
      if (driver.switchTo().activeElement().equals(see(css))) {
        return;
      }
      press(Keys.TAB);
    }
    throw new AssertionError("Tab does not lead to " + css + " in " + most + " presses");
  }

  /** Promises what has the focus. */
  public WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /** Runs a script in the page. */
  public String run(String script, Object... arguments) {
    return String.valueOf(driver.executeScript(script, arguments));
  }

  /** Drops a file of that content on an element, as a person's mouse does. */
  public void drop(String css, String name, String content) {
    see(css);
    driver.executeScript(
        """
        const files = new DataTransfer();
        files.items.add(new File([arguments[2]], arguments[1]));
        document.querySelector(arguments[0]).dispatchEvent(
            new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: files}));
        """,
        css,
        name,
        content);
  }

  /** Makes the window as large, in CSS pixels; one that is narrow is a phone's. */
  public void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
  }

  /** Makes the system's colours light or dark. */
  public void colours(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Writes what is seen as a PNG. */
  public void screenshot(Path file) {
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Promises what the page got wrong since the last call: exceptions, and what its policy forbids.
   */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getMessage())
        .filter(message -> !message.startsWith("rendering ")) // how axe-core reads colours
        .toList();
  }

  /** Promises what keeps people from using what is shown, by the rules of WCAG 2.1 A and AA. */
  public List<String> barriers() {
    try (InputStream axe = Browser.class.getResourceAsStream(AXE)) {
      driver.executeScript(
          new String(Objects.requireNonNull(axe).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Object found =
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})
              .then(({violations}) => done(violations.flatMap(({id, help, nodes}) =>
                  nodes.map((node) => `${id}: ${help}: ${node.html} ${node.failureSummary}`))),
                (failure) => done([String(failure)]));
            """);
    return ((List<?>) Objects.requireNonNull(found)).stream().map(String::valueOf).toList();
  }

  @Override
  public void close() throws IOException {
    try {
      driver.quit();
    } finally {
      tether.close();
    }
  }
}
