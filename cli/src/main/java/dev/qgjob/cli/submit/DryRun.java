package dev.qgjob.cli.submit;

import dev.qgjob.cli.bundle.Bundle;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.submit.AppFile;
import dev.qgjob.protocol.submit.RunSubmission;
import java.net.URI;
import java.util.stream.Collectors;

/** What a submission would be, in words. */
final class DryRun {
  private DryRun() {}

  static String text(RunSubmission run, URI server, int files, long bytes) {
    AppFile app = run.app();
    StringBuilder text = new StringBuilder();
    line(text, "server", server.toString());
    line(
        text, "app", run.appVersionId() + (app == null ? ", newest build" : ", " + app.fileName()));
    line(text, "project", run.project() + " of " + run.config());
    line(
        text,
        "target",
        run.targets().stream().map(Target::toString).collect(Collectors.joining(", then ")));
    line(text, "bundle", files + " files, " + Bundle.megabytes(bytes) + ", " + run.bundleSha256());
    if (!run.labels().isEmpty()) {
      line(
          text,
          "labels",
          run.labels().entrySet().stream()
              .sorted(java.util.Map.Entry.comparingByKey())
              .map(label -> label.getKey() + "=" + label.getValue())
              .collect(Collectors.joining(" ")));
    }
    run.tests().forEach(test -> line(text, "job", test));
    return text.append("nothing was submitted (--dry-run)").toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-8s %s%n".formatted(name, value));
  }
}
