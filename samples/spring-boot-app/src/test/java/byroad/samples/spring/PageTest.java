package byroad.samples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real browser, as {@code build/browser} has it; pictures of it are left in {@code target/pages}. */
@Tag("browser")
class PageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Dimension WIDE = new Dimension(1280, 1500);
    private static final Dimension NARROW = new Dimension(500, 2400);

    @SuppressWarnings("NullAway.Init") // by start()
    private static ChromeDriver browser;

    private final App app =
            new App(); // one for each test: a concurrency limit remembers what the test before did to it

    @BeforeAll
    static void start() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium"));
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--force-color-profile=srgb");
        ChromeDriverService driver = new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of(System.getenv().getOrDefault("CHROMEDRIVER", "/usr/bin/chromedriver"))
                        .toFile())
                .build();
        browser = new ChromeDriver(driver, options);
    }

    @BeforeEach
    void open() {
        browser.manage().window().setSize(WIDE);
        browser.get(app.url());
        says("All is well");
    }

    @AfterEach
    void healAndClose() {
        browser.findElement(By.id("heal")).click();
        says("All is well");
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .extracting(LogEntry::getMessage)
                .isEmpty();
        browser.get("about:blank");
        app.close();
    }

    @AfterAll
    static void stop() {
        browser.quit();
    }

    private static void says(String words) {
        new WebDriverWait(browser, PATIENCE)
                .until(page -> page.findElement(By.id("verdict")).getText().contains(words));
    }

    private static WebElement button(String provider, String choice) {
        return browser.findElement(By.cssSelector("[data-key='" + provider + "/" + choice + "']"));
    }

    private static void picture(String name) throws IOException {
        Path pages = Files.createDirectories(Path.of("target", "pages"));
        Files.write(pages.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    @Test
    void whoIsFailingAndWhatIsDoneAboutItIsSeen() throws Exception {
        picture("well");
        button("edge", "answers-500").click();

        says("cloudflare is failing: all calls are answered, by origin");
        assertThat(browser.findElement(By.id("verdicts")).getText()).contains("keeps away from endpoint/items/edge");
        assertThat(browser.findElement(By.id("endpoints")).getText()).contains("open");
        assertThat(button("edge", "answers-500").getDomAttribute("aria-checked"))
                .isEqualTo("true");
        picture("edge-answers-500");
        browser.manage().window().setSize(NARROW);
        picture("edge-answers-500-narrow");
        assertThat(isWiderThanTheWindow()).isFalse();
    }

    @Test
    void namesThatAreHeldAreSeen() throws Exception {
        button("names", "empty").click();

        says("DNS has no addresses for api.example.test: all calls are answered, by edge");
        picture("names-empty");
    }

    @Test
    void everythingDownIsSaidAtTheTop() throws Exception {
        button("origin", "answers-503").click();
        button("eu", "answers-503").click();

        says("0 % of calls are answered");
        picture("everything-down");
    }

    @Test
    void itIsUsedByKeyboardAndOneCallTellsItsStory() {
        button("edge", "brown-out").sendKeys(Keys.ENTER);
        new WebDriverWait(browser, PATIENCE)
                .until(page -> "true".equals(button("edge", "brown-out").getDomAttribute("aria-checked")));
        assertThat(browser.switchTo().activeElement().getDomAttribute("data-key"))
                .isEqualTo("edge/brown-out");

        browser.findElement(By.id("call")).sendKeys(Keys.SPACE);

        new WebDriverWait(browser, PATIENCE)
                .until(page -> page.findElement(By.id("answer")).getText().contains("GET /v1/items 200"));
    }

    private static boolean isWiderThanTheWindow() {
        return Boolean.TRUE.equals(((JavascriptExecutor) browser)
                .executeScript("return document.documentElement.scrollWidth > window.innerWidth"));
    }
}
