package dev.qgjob.cli.connect;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.project.AppWrightConfig;
import dev.qgjob.cli.project.AppWrightProject;
import dev.qgjob.cli.project.ConfigReader;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Json;
import dev.qgjob.client.Unreachable;
import dev.qgjob.client.appwright.AppWrightShape;
import dev.qgjob.protocol.Health;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.access.Identity;
import dev.qgjob.protocol.fleet.SlotList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob doctor}: is everything there that a submission needs, and if not, what to do. */
@Command(
    name = "doctor",
    description = "Checks server, token, slots and project; ends with 1 if something is wrong.",
    mixinStandardHelpOptions = true)
public final class Doctor implements Callable<Integer> {
  private static final Duration CONFIG_LIMIT = Duration.ofSeconds(30);

  /** How a part is. */
  enum State {
    OK,
    NOTE,
    BAD
  }

  /** What was found out about a part; {@code action} says what to do. */
  record Finding(String part, State state, String what, @Nullable String action) {}

  /** All of it. */
  record Findings(List<Finding> findings) {}

  private final Surroundings here;
  private final List<Finding> findings = new ArrayList<>();
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  @Option(
      names = "--project-dir",
      paramLabel = "DIR",
      description = "The AppWright project (default: the working folder).")
  private Path projectDir = Path.of("");

  public Doctor(Surroundings here) {
    this.here = here;
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    if (server()) {
      token();
    }
    project();
    output.printOwn(new Findings(List.copyOf(findings)), Doctor::text);
    boolean bad = findings.stream().anyMatch(finding -> finding.state() == State.BAD);
    return (bad ? ExitCode.GENERAL : ExitCode.OK).number();
  }

  private boolean server() {
    try {
      ApiClient client = connection.anonymous();
      Health health = client.askEvenIfUnready("/health", Health.class).body();
      if (health.ready()) {
        ok("server", client.server() + ", version " + health.version());
        return true;
      }
      bad(
          "server",
          client.server() + " is up, but not ready: " + health.checks(),
          "wait a moment, then ask its operator");
    } catch (Failure e) {
      bad("server", message(e), null);
    } catch (Unreachable e) {
      bad("server", message(e), "check --server, QGJOB_SERVER, and that the server is up");
    } catch (ApiProblem e) {
      bad("server", message(e), null);
    }
    return false;
  }

  private void token() {
    try {
      ApiClient client = connection.client();
      Identity identity = client.get("/me", Identity.class);
      if (identity.role() == Role.SUBMITTER) {
        ok("token", "a submitter of " + identity.orgId());
      } else if (identity.role() == Role.UNTRUSTED) {
        ok("token", "for strangers of " + identity.orgId() + ": no secrets, only slots for them");
      } else {
        bad(
            "token",
            "of the role " + identity.role() + ", which may not submit",
            "have an admin make one: qgjob admin token create --org ORG --role submitter");
      }
      slots(client);
    } catch (Failure e) {
      bad("token", message(e), null);
    } catch (ApiProblem e) {
      bad(
          "token",
          message(e),
          e.status() == 401 ? "run qgjob login, or set QGJOB_TOKEN anew" : null);
    } catch (Unreachable e) {
      bad("token", message(e), null);
    }
  }

  private void slots(ApiClient client) {
    List<String> live =
        client.get("/slots", SlotList.class).slots().stream()
            .filter(slot -> !slot.state().equals("away"))
            .map(slot -> slot.target().toString())
            .sorted()
            .toList();
    if (live.isEmpty()) {
      note("slots", "none is there now", "jobs will wait until a worker is started");
    } else {
      ok(
          "slots",
          live.stream()
              .collect(Collectors.groupingBy(target -> target, Collectors.counting()))
              .entrySet()
              .stream()
              .map(count -> count.getValue() + " " + count.getKey())
              .sorted()
              .collect(Collectors.joining(", ")));
    }
  }

  private void project() {
    Path folder = here.folder().resolve(projectDir);
    AppWrightProject project;
    try {
      project = AppWrightProject.find(folder, null);
    } catch (Failure | IOException e) {
      note("project", message(e), null);
      return;
    }
    ok("project", project.root().resolve(project.config()).toString());
    config(project);
    appWright(project);
    playwright(project);
  }

  private void config(AppWrightProject project) {
    ConfigReader reader = new ConfigReader(here.env(), CONFIG_LIMIT);
    if (!reader.possible()) {
      bad("node", "not on the PATH", "install Node.js 20 or newer");
      return;
    }
    try {
      AppWrightConfig config = reader.read(project);
      if (config.targets().isEmpty()) {
        bad("config", "no project that qgjob can run", "add one; it has " + config.outline());
      } else {
        ok("config", config.outline());
      }
    } catch (Failure | IOException e) {
      bad("config", message(e), null);
    }
  }

  private void appWright(AppWrightProject project) {
    try {
      AppWrightShape shape = AppWrightShape.check(project.root());
      if (shape instanceof AppWrightShape.Known known) {
        ok("appwright", known.name() + " " + known.version());
      } else if (shape instanceof AppWrightShape.Unknown unknown) {
        bad(
            "appwright",
            unknown.name() + " " + unknown.version() + ": " + String.join("; ", unknown.problems()),
            "install another version, or submit with --stock");
      } else {
        note("appwright", "not installed here", "a worker installs it; npm ci lets qgjob check it");
      }
    } catch (IOException e) {
      bad("appwright", message(e), "run npm ci");
    }
  }

  private void playwright(AppWrightProject project) {
    version(project.root(), "@playwright/test")
        .ifPresent(version -> ok("playwright", "@playwright/test " + version));
  }

  private static Optional<String> version(Path root, String name) {
    for (Path at = root; at != null; at = at.getParent()) {
      Path manifest = at.resolve("node_modules").resolve(name).resolve("package.json");
      if (Files.isRegularFile(manifest)) {
        try {
          return Optional.of(Json.mapper().readTree(manifest.toFile()).path("version").asText());
        } catch (IOException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private void ok(String part, String what) {
    findings.add(new Finding(part, State.OK, what, null));
  }

  private void note(String part, String what, @Nullable String action) {
    findings.add(new Finding(part, State.NOTE, what, action));
  }

  private void bad(String part, String what, @Nullable String action) {
    findings.add(new Finding(part, State.BAD, what, action));
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private static String text(Findings all) {
    return all.findings().stream()
        .map(
            one ->
                "%-5s %-10s %s%s"
                    .formatted(
                        one.state().name().toLowerCase(Locale.ROOT),
                        one.part(),
                        one.what(),
                        one.action() == null ? "" : "; " + one.action()))
        .collect(Collectors.joining("\n"));
  }
}
