package byroad.samples.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The findings as a page. */
final class HtmlPage {
    private HtmlPage() {}

    /** Writes the page. */
    static void write(Findings findings, Path file) throws IOException {
        Files.writeString(file, render(findings));
    }

    static String render(Findings findings) {
        Settings settings = findings.settings();
        return new Page(HtmlPage.class)
                .text("headline", findings.headline())
                .text("verdict", findings.verdict())
                .text("verdict-class", findings.isMissed() ? "missed" : settings.isJudged() ? "kept" : "open")
                .text("doubts", String.join(" ", findings.doubts()))
                .html(
                        "settings",
                        settings.lines().stream().map(HtmlPage::setting).collect(Collectors.joining("\n")))
                .text("peers-names", Settings.peersNames())
                .file("style", "page.css")
                .file("script", "page.js")
                .data("data", PageData.of(findings))
                .fill("page.html");
    }

    /** A setting is a word, at least two spaces, and what it is set to. */
    private static String setting(String line) {
        String[] parts = line.split(" {2,}", 2);
        return "<dt>" + Page.escape(parts[0]) + "</dt><dd>" + Page.escape(parts[1]) + "</dd>";
    }
}
