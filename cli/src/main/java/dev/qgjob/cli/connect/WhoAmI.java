package dev.qgjob.cli.connect;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.protocol.access.Identity;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code qgjob whoami}: who the token speaks for. */
@Command(
    name = "whoami",
    description = "Shows whom the token speaks for.",
    mixinStandardHelpOptions = true)
public final class WhoAmI implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  public WhoAmI(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    output.print(connection.client().brief().ask("/me", Identity.class), WhoAmI::text);
    return ExitCode.OK.number();
  }

  static String text(Identity identity) {
    return identity.role()
        + (identity.orgId() == null ? "" : " of " + identity.orgId())
        + (identity.workerId() == null ? "" : " " + identity.workerId());
  }
}
