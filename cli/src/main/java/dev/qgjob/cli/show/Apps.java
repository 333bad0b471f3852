package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.protocol.submit.AppVersionView;
import dev.qgjob.protocol.submit.BuildView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob apps}: the builds of an app version. */
@Command(
    name = "apps",
    description = "Shows the builds of an app version.",
    mixinStandardHelpOptions = true)
public final class Apps implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  @Option(
      names = "--app-version-id",
      required = true,
      paramLabel = "ID",
      description = "The app version.")
  private String appVersionId = "";

  public Apps(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    output.print(
        connection.client().brief().ask("/apps/" + Segment.of(appVersionId), AppVersionView.class),
        version ->
            Table.of("build", "file", "package", "version", "bytes", "since", "sha-256")
                .rows(version.builds(), Apps::row));
    return ExitCode.OK.number();
  }

  private static Object[] row(BuildView build) {
    return new Object[] {
      build.number(),
      build.fileName(),
      build.packageName(),
      build.versionName(),
      build.size(),
      build.createdAt(),
      build.sha256()
    };
  }
}
