package dev.ragprocessor.telemetry.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a profile as one HTML page with its plots in it. It has no script, asks nothing of the
 * network, and forbids both in its own policy; every text of the recording is escaped.
 */
final class HtmlReport {
  private static final String STYLE = "report.css";

  private final Profile profile;
  private final StringBuilder out = new StringBuilder(64 * 1_024);

  HtmlReport(Profile profile) {
    this.profile = profile;
  }

  String write() {
    String title = Html.escaped(profile.name());
    out.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        """);
    out.append("<title>").append(title).append("</title>\n<style>\n").append(style());
    out.append("</style>\n</head>\n<body>\n<main>\n<h1>").append(title).append("</h1>\n<p>");
    out.append(
        Html.escaped(
            "%s events in %s, from %s"
                .formatted(
                    Units.count(profile.events()),
                    Units.time(profile.period().seconds()),
                    profile.period().from())));
    out.append("</p>\n");
    findings();
    profile.sections().forEach(this::section);
    return out.append("</main>\n</body>\n</html>\n").toString();
  }

  private void findings() {
    out.append("<section>\n<h2>Findings</h2>\n");
    if (profile.findings().isEmpty()) {
      out.append("<p>Nothing stands out.</p>\n");
    } else {
      out.append("<ul class=\"findings\">\n");
      for (Finding finding : profile.findings()) {
        out.append(finding.problem() ? "<li class=\"problem\"><b>Problem.</b> " : "<li>");
        out.append(Html.escaped(finding.text())).append("</li>\n");
      }
      out.append("</ul>\n");
    }
    out.append("</section>\n");
  }

  private void section(Section section) {
    out.append("<section>\n<h2>").append(Html.escaped(section.title())).append("</h2>\n");
    if (section.blocks().isEmpty()) {
      out.append("<p>Nothing was recorded.</p>\n");
    }
    section.blocks().forEach(this::block);
    out.append("</section>\n");
  }

  private void block(Block block) {
    switch (block) {
      case Block.Lines(String caption, String text) ->
          out.append("<details><summary>")
              .append(Html.escaped(caption))
              .append("</summary><pre>")
              .append(Html.escaped(text))
              .append("</pre></details>\n");
      case Block.Table table -> table(table);
      case Block.Plot plot ->
          figure(
              "%s (%s)".formatted(plot.title(), plot.unit()),
              Svg.plot(plot, profile.period()),
              plot.curves().stream().map(Curve::name).toList());
      case Block.Bars bars -> figure(bars.title(), Svg.bars(bars), bars.parts());
    }
  }

  private void figure(String title, String svg, List<String> names) {
    out.append("<figure><figcaption>").append(Html.escaped(title)).append("</figcaption>");
    out.append(svg).append(Svg.key(names)).append("</figure>\n");
  }

  private void table(Block.Table table) {
    out.append("<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>");
    for (String column : table.columns()) {
      out.append("<th scope=\"col\">").append(Html.escaped(column)).append("</th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : table.rows()) {
      out.append("<tr><th scope=\"row\">").append(Html.escaped(row.getFirst())).append("</th>");
      for (String cell : row.subList(1, row.size())) {
        out.append("<td>").append(Html.escaped(cell)).append("</td>");
      }
      out.append("</tr>\n");
    }
    out.append("</tbody>\n</table></div>\n");
  }

  private static String style() {
    try (InputStream css = HtmlReport.class.getResourceAsStream(STYLE)) {
      if (css == null) {
        throw new IllegalStateException(STYLE + " is not on the class path");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(STYLE, e);
    }
  }
}
