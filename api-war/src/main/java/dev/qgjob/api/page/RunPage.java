package dev.qgjob.api.page;

import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run as plain HTML: no script, nothing from elsewhere.
 *
 * @param query what a link to a file of the run needs to open it, too
 */
record RunPage(RunView run, String query) {
  private static final Set<String> PICTURES =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");
  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1d2129}
      table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #e3e6ea}
      pre{background:#f5f6f8;padding:.8rem;overflow:auto;white-space:pre-wrap}img{max-width:18rem;border:1px solid #ccc}
      .passed{color:#137333}.failed,.error{color:#b3261e}.queued,.running,.cancelled,.skipped{color:#8a5300}
      """;

  static boolean isPicture(String contentType) {
    return PICTURES.contains(contentType);
  }

  String html() {
    StringBuilder html = new StringBuilder(8_192);
    String title = (run.name() == null ? run.runId() : run.name()) + ": " + run.state();
    html.append("<!doctype html><html lang=en><meta charset=utf-8><title>")
        .append(text(title))
        .append("</title><meta name=viewport content=\"width=device-width\"><style>")
        .append(STYLE)
        .append("</style><h1 class=")
        .append(run.state())
        .append('>')
        .append(text(title + (run.flaky() ? " (flaky)" : "")))
        .append("</h1><p>")
        .append(text("%s of %s, build %d".formatted(run.appVersionId(), run.orgId(), run.build())))
        .append(", submitted ")
        .append(run.createdAt())
        .append("; installs <b>")
        .append(run.installs())
        .append("</b>, stock AppWright would have made ")
        .append(run.stockInstalls())
        .append(saved())
        .append(".</p>");
    labels(html);
    html.append("<table><tr><th>verdict<th>spec<th>target<th>slot<th>attempts</tr>");
    run.jobs().forEach(job -> row(html, job));
    html.append("</table>");
    run.jobs().forEach(job -> details(html, job));
    return html.append("</html>\n").toString();
  }

  private String saved() {
    Long seconds = run.savedS();
    return seconds == null
        ? ""
        : String.format(Locale.ROOT, ", about %.1f min saved", seconds / 60.0);
  }

  private void labels(StringBuilder html) {
    if (!run.labels().isEmpty()) {
      html.append("<p>");
      run.labels().entrySet().stream()
          .sorted(java.util.Map.Entry.comparingByKey())
          .forEach(
              label ->
                  html.append(text(label.getKey() + "=" + label.getValue())).append(" &nbsp; "));
      html.append("</p>");
    }
  }

  private static void row(StringBuilder html, JobView job) {
    html.append("<tr><td class=")
        .append(job.state())
        .append('>')
        .append(job.state())
        .append(job.flaky() ? " (flaky)" : "")
        .append("<td>")
        .append(text(job.title()))
        .append("<td>")
        .append(job.target())
        .append("<td>")
        .append(text(job.slotId()))
        .append("<td>")
        .append(job.attempt())
        .append("</tr>");
  }

  private void details(StringBuilder html, JobView job) {
    html.append("<h2>").append(text(job.title())).append("</h2>");
    if (job.state() == JobState.QUEUED && job.waitingFor() != null) {
      html.append("<p>waits for ").append(text(job.waitingFor())).append("</p>");
    }
    if (job.message() != null && job.state() != JobState.PASSED) {
      html.append("<p class=").append(job.state()).append('>').append(text(job.message()));
      html.append(job.failureKind() == null ? "" : " (" + job.failureKind() + ")").append("</p>");
    }
    List<AttemptView> attempts = job.attempts();
    for (AttemptView attempt : attempts) {
      if (attempts.size() > 1) {
        html.append("<h3>attempt ").append(attempt.number()).append("</h3>");
      }
      attempt.tests().forEach(test -> test(html, test));
      attempt.artefacts().forEach(file -> file(html, job, attempt, file));
    }
  }

  private static void test(StringBuilder html, TestResult test) {
    boolean good = test.status() == TestStatus.PASSED || test.status() == TestStatus.SKIPPED;
    html.append("<div><b class=")
        .append(good ? "passed" : "failed")
        .append('>')
        .append(test.status())
        .append("</b> ")
        .append(text(String.join(" › ", test.titlePath())))
        .append(" <small>")
        .append(text("%s:%d, %d ms".formatted(test.file(), test.line(), test.durationMs())))
        .append("</small></div>");
    pre(html, test.message());
    pre(html, test.codeFrame());
  }

  private static void pre(StringBuilder html, @Nullable String content) {
    if (content != null) {
      html.append("<pre>").append(text(content)).append("</pre>");
    }
  }

  private void file(StringBuilder html, JobView job, AttemptView attempt, ArtefactView file) {
    // relative to …/runs/RUN/page
    String href =
        "page/%s/%d/%s?%s"
            .formatted(segment(job.jobId()), attempt.number(), segment(file.name()), query);
    html.append("<p><a href=\"").append(text(href)).append("\">");
    if (isPicture(file.contentType())) {
      html.append("<img loading=lazy alt=\"")
          .append(text(file.name()))
          .append("\" src=\"")
          .append(text(href))
          .append("\"></a></p>");
    } else {
      html.append(text(file.name()))
          .append("</a> <small>")
          .append(file.size())
          .append(" bytes</small></p>");
    }
  }

  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String text(@Nullable String text) {
    if (text == null) {
      return "";
    }
    StringBuilder safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '&' -> safe.append("&amp;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.append(c);
      }
    }
    return safe.toString();
  }
}
