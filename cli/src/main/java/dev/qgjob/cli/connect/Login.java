package dev.qgjob.cli.connect;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.protocol.access.Identity;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code qgjob login}: tries a token and keeps it. */
@Command(
    name = "login",
    description = "Keeps server and token for later commands, once the server has accepted them.",
    mixinStandardHelpOptions = true)
public final class Login implements Callable<Integer> {
  private final Surroundings here;

  @Option(names = "--server", required = true, paramLabel = "URL", description = "The server.")
  private String server = "";

  @ArgGroup(multiplicity = "1")
  private TokenSource source = new TokenSource();

  /** One of two. */
  static final class TokenSource {
    @Option(
        names = "--token-file",
        paramLabel = "FILE",
        description = "File with the token, - for stdin.")
    private @Nullable String file;

    @Option(
        names = "--token",
        paramLabel = "TOKEN",
        description = "The token itself; others on this machine may see it while qgjob runs.")
    private @Nullable String token;
  }

  public Login(Surroundings here) {
    this.here = here;
  }

  @Override
  public Integer call() throws Exception {
    String token =
        source.file != null
            ? Connection.readToken(here, source.file)
            : String.valueOf(source.token);
    Identity identity = Connection.client(server, token).get("/me", Identity.class);
    Path file = Credentials.file(here.env());
    new Credentials(server, token, identity.orgId()).write(file);
    here.say("logged in to " + server + " as " + WhoAmI.text(identity) + "; kept in " + file);
    return ExitCode.OK.number();
  }
}
