package dev.qgjob.cli.admin;

import dev.qgjob.cli.Durations;
import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.cli.show.Table;
import dev.qgjob.client.Answer;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.access.CreateToken;
import dev.qgjob.protocol.access.TokenCreated;
import dev.qgjob.protocol.access.TokenView;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qgjob admin token}. */
@Command(
    name = "token",
    description = "Makes, lists and revokes the tokens of an org.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Token.Create.class, Token.List.class, Token.Revoke.class})
final class Token implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
  }

  /** {@code qgjob admin token create}. */
  @Command(
      name = "create",
      description = "Makes a token and prints it: it is told this once.",
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    private final Surroundings here;
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    @Option(names = "--org", required = true, description = "Whose token.")
    private String org = "";

    @Option(
        names = "--role",
        required = true,
        description = {
          "submitter (submit, read, cancel), viewer (read), or untrusted: as a submitter, for",
          "strangers such as forks' pull requests: no secrets, and only slots marked for it."
        })
    private Role role = Role.VIEWER;

    @Option(names = "--name", description = "What it is for.")
    private @Nullable String name;

    @Option(
        names = "--ttl",
        paramLabel = "DURATION",
        converter = Durations.class,
        description = "When it expires, such as 90d (default: never).")
    private @Nullable Duration ttl;

    public Create(Surroundings here) {
      this.here = here;
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      CreateToken wish = new CreateToken(role, name, ttl == null ? null : ttl.toSeconds());
      Answer<TokenCreated> made =
          connection
              .client()
              .tell("/orgs/" + Segment.of(org) + "/tokens", wish, TokenCreated.class, Map.of());
      here.say("token " + made.body().tokenId() + " of " + org + ", shown this once:");
      output.print(made, TokenCreated::token);
      return ExitCode.OK.number();
    }
  }

  /** {@code qgjob admin token list}. */
  @Command(
      name = "list",
      description = "Lists an org's tokens, without their text.",
      mixinStandardHelpOptions = true)
  static final class List implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private final Output output;

    @Option(names = "--org", required = true, description = "Whose tokens.")
    private String org = "";

    public List(Surroundings here) {
      this.connection = new Connection(here);
      this.output = new Output(here);
    }

    @Override
    public Integer call() {
      output.print(
          connection.client().ask("/orgs/" + Segment.of(org) + "/tokens", TokenView[].class),
          tokens ->
              Table.of("token", "role", "name", "since", "expires", "revoked")
                  .rows(
                      Arrays.asList(tokens),
                      token ->
                          new Object[] {
                            token.tokenId(),
                            token.role(),
                            token.name(),
                            token.createdAt(),
                            token.expiresAt(),
                            token.revoked() ? "yes" : ""
                          }));
      return ExitCode.OK.number();
    }
  }

  /** {@code qgjob admin token revoke}. */
  @Command(
      name = "revoke",
      description = "Revokes a token at once.",
      mixinStandardHelpOptions = true)
  static final class Revoke implements Callable<Integer> {
    private final Surroundings here;
    @Mixin private final Connection connection;

    @Parameters(paramLabel = "TOKEN_ID", description = "As qgjob admin token list shows it.")
    private String tokenId = "";

    public Revoke(Surroundings here) {
      this.here = here;
      this.connection = new Connection(here);
    }

    @Override
    public Integer call() {
      connection.client().delete("/tokens/" + Segment.of(tokenId));
      here.say("token " + tokenId + " is revoked");
      return ExitCode.OK.number();
    }
  }
}
