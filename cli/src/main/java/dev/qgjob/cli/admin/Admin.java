package dev.qgjob.cli.admin;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code qgjob admin}: the installation's orgs, tokens and workers. */
@Command(
    name = "admin",
    description = "Orgs, targets, tokens and enrolment codes; needs an admin's token.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Org.class, Targets.class, Resources.class, Token.class, EnrolCode.class})
public final class Admin implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
  }
}
