package dev.qgjob.cli.connect;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.settings.ProjectFile;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.Repeats;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where the server is: flags, then environment, then {@code qgjob login}. */
public final class Connection {
  private static final Duration REQUEST = Duration.ofSeconds(30);
  private static final int TRIES = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Surroundings here;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The server (else QGJOB_SERVER, else what qgjob login kept).")
  private @Nullable String server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token, - for stdin (else QGJOB_TOKEN, else qgjob login's).")
  private @Nullable String tokenFile;

  public Connection(Surroundings here) {
    this.here = here;
  }

  /** Speaks to the server with the token, over short outages where a repeat is harmless. */
  public ApiClient client() {
    return client(ignored -> {});
  }

  /** The same, saying so when it tries again: for what takes longer. */
  public ApiClient talkingClient() {
    return client(here::say);
  }

  private ApiClient client(Consumer<String> told) {
    String url = server();
    return client(url, token(url).orElseThrow(() -> noToken(url)))
        .repeating(new Repeats(TRIES, FIRST_PAUSE, LONGEST_PAUSE, here.time()::pause, told));
  }

  /** Speaks to the server without a token, for what is open to all. */
  public ApiClient anonymous() {
    return client(server(), null);
  }

  /** The org to name in a submission: the environment's, else the kept one of this server. */
  public Optional<String> org() {
    return env("QGJOB_ORG").or(() -> kept(server()).map(Credentials::org));
  }

  /** The server's URL; throws where none is named. */
  public String server() {
    return Optional.ofNullable(server)
        .or(() -> env("QGJOB_SERVER"))
        .or(this::ofTheProject)
        .or(() -> Credentials.read(Credentials.file(here.env())).map(Credentials::server))
        .orElseThrow(
            () ->
                Failure.usage(
                    "which server? give --server URL, set QGJOB_SERVER, or run qgjob login"));
  }

  private Optional<String> ofTheProject() {
    return ProjectFile.near(here.folder())
        .flatMap(file -> Optional.ofNullable(file.values().get("server")))
        .map(values -> values.get(0));
  }

  private Optional<String> token(String url) {
    if (tokenFile != null) {
      return Optional.of(readToken(here, tokenFile));
    }
    if (server == null && env("QGJOB_SERVER").isEmpty() && env("QGJOB_TOKEN").isPresent()) {
      // a stranger's project must not choose where the pipeline's token goes
      Optional<String> named = ofTheProject();
      if (named.isPresent() && kept(url).isEmpty()) {
        throw Failure.usage(
            "QGJOB_TOKEN is not sent to a server that only .qgjob.yml names; set QGJOB_SERVER="
                + url
                + " beside it, or give --server");
      }
      return named.isPresent() ? kept(url).map(Credentials::token) : env("QGJOB_TOKEN");
    }
    return env("QGJOB_TOKEN").or(() -> kept(url).map(Credentials::token));
  }

  /** Kept credentials go to the server that they were kept for, and to no other. */
  private Optional<Credentials> kept(String url) {
    return Credentials.read(Credentials.file(here.env()))
        .filter(credentials -> credentials.server().equals(url));
  }

  private static Failure noToken(String url) {
    return Failure.usage(
        "no token for "
            + url
            + "; set QGJOB_TOKEN, give --token-file, or run qgjob login --server "
            + url);
  }

  static ApiClient client(String url, @Nullable String token) {
    URI server;
    try {
      server = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("'" + url + "' is not a server URL; give it as https://host[:port]");
    }
    try {
      return new ApiClient(server, token, REQUEST);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
  }

  static String readToken(Surroundings here, String file) {
    try {
      byte[] bytes =
          file.equals("-")
              ? here.in().readAllBytes()
              : Files.readAllBytes(here.folder().resolve(Path.of(file)));
      String token = new String(bytes, StandardCharsets.UTF_8).strip();
      if (token.isEmpty() || token.chars().anyMatch(Character::isWhitespace)) {
        throw Failure.usage((file.equals("-") ? "stdin" : file) + " does not hold one token");
      }
      return token;
    } catch (IOException e) {
      throw Failure.usage("--token-file " + file + " cannot be read");
    }
  }

  private Optional<String> env(String name) {
    return Optional.ofNullable(here.env().get(name)).filter(value -> !value.isBlank());
  }
}
