package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.protocol.submit.AppFile;
import dev.qgjob.protocol.submit.AppList;
import dev.qgjob.protocol.submit.AppVersionView;
import dev.qgjob.protocol.submit.BuildView;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob apps}: the newest builds, or those of an app version. */
@Command(
    name = "apps",
    description = "Lists the newest builds of the org's apps, or all builds of an app version.",
    mixinStandardHelpOptions = true)
public final class Apps implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  @Option(
      names = "--app-version-id",
      paramLabel = "ID",
      description = "The builds of this app version.")
  private @Nullable String appVersionId;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many of the newest builds (default: 20).")
  private int limit = 20;

  public Apps(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    if (appVersionId == null) {
      output.print(
          connection.client().brief().ask("/apps?limit=" + limit, AppList.class), Apps::newest);
      return ExitCode.OK.number();
    }
    output.print(
        connection.client().brief().ask("/apps/" + Segment.of(appVersionId), AppVersionView.class),
        version ->
            Table.of("build", "file", "package", "version", "bytes", "since", "sha-256")
                .rows(version.builds(), Apps::row));
    return ExitCode.OK.number();
  }

  private static String newest(AppList list) {
    record Line(String version, BuildView build) {}
    List<Line> lines =
        list.apps().stream()
            .flatMap(app -> app.builds().stream().map(b -> new Line(app.appVersionId(), b)))
            .sorted(Comparator.comparing((Line line) -> line.build().createdAt()).reversed())
            .toList();
    return lines.isEmpty()
        ? "no builds: submit with --app FILE"
        : Table.of("app version", "build", "file", "package", "version", "bytes", "since")
            .rows(
                lines,
                line ->
                    new Object[] {
                      line.version(),
                      line.build().number(),
                      file(line.build()),
                      line.build().packageName(),
                      line.build().versionName(),
                      line.build().size(),
                      line.build().createdAt()
                    });
  }

  private static String file(BuildView build) {
    List<AppFile> files = build.files();
    return files == null
        ? build.fileName()
        : files.stream().map(AppFile::fileName).collect(Collectors.joining(" + "));
  }

  private static Object[] row(BuildView build) {
    return new Object[] {
      build.number(),
      file(build),
      build.packageName(),
      build.versionName(),
      build.size(),
      build.createdAt(),
      build.sha256()
    };
  }
}
