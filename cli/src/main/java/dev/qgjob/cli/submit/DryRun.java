package dev.qgjob.cli.submit;

import dev.qgjob.cli.bundle.Bundle;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.submit.AppFile;
import dev.qgjob.protocol.submit.RunSubmission;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a submission would be, in words. */
final class DryRun {
  private DryRun() {}

  static String text(RunSubmission run, URI server, int files, long bytes) {
    AppFile app = run.app();
    StringBuilder text = new StringBuilder();
    line(text, "server", server.toString());
    line(
        text, "app", run.appVersionId() + (app == null ? ", newest build" : ", " + app.fileName()));
    files(text, "or", run.appVariants());
    files(text, "beside", run.companions());
    line(text, "project", run.project() + " of " + run.config());
    line(
        text,
        "target",
        run.targets().stream().map(Target::toString).collect(Collectors.joining(", then ")));
    line(text, "bundle", files + " files, " + Bundle.size(bytes) + ", " + run.bundleSha256());
    pairs(text, "device", run.device(), ", ");
    if (run.grep() != null) {
      line(text, "grep", run.grep());
    }
    if (run.grepInvert() != null) {
      line(text, "without", run.grepInvert());
    }
    if (run.secrets() != null) {
      line(text, "secrets", String.join(", ", run.secrets().keySet()));
    }
    pairs(text, "labels", run.labels(), " ");
    run.tests().forEach(test -> line(text, "job", test));
    return text.append("nothing was submitted (--dry-run)").toString();
  }

  private static void files(StringBuilder text, String name, @Nullable List<AppFile> files) {
    if (files != null) {
      files.forEach(file -> line(text, name, file.fileName()));
    }
  }

  private static void pairs(
      StringBuilder text, String name, @Nullable Map<String, String> pairs, String between) {
    if (pairs != null && !pairs.isEmpty()) {
      line(
          text,
          name,
          pairs.entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(pair -> pair.getKey() + "=" + pair.getValue())
              .collect(Collectors.joining(between)));
    }
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-8s %s%n".formatted(name, value));
  }
}
