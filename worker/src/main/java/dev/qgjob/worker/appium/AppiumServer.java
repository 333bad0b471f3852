package dev.qgjob.worker.appium;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.worker.process.Child;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.CleanEnvironment;
import dev.qgjob.worker.process.Command;
import dev.qgjob.worker.process.ProcessListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.semver4j.Semver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Appium server, started when it is wanted and again when it died. Thread-safe. */
public final class AppiumServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AppiumServer.class);
  private static final String UP = "REST http interface listener started";

  /** One that does not listen any more refuses each at once. */
  private static final int QUESTIONS = 3;

  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** Where a server listens. */
  public record Address(String host, int port) {
    /** An address of its API. */
    public URI at(String path) {
      return URI.create(this + path);
    }

    /** As people write it. */
    @Override
    public String toString() {
      return "http://" + host + ":" + port;
    }
  }

  private record Running(Child child, Address address) {}

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Children children;
  private final Path home;
  private final Path stateDir;
  private final Map<String, String> environment;
  private final Duration startLimit;
  private @Nullable Running running;

  AppiumServer(
      Children children,
      Path home,
      Path stateDir,
      Map<String, String> environment,
      Duration startLimit) {
    this.children = children;
    this.home = home;
    this.stateDir = stateDir;
    this.environment = environment;
    this.startLimit = startLimit;
  }

  synchronized Address ensure() throws IOException, InterruptedException {
    Running now = running;
    if (now != null && now.child().alive() && healthy(now.address())) {
      return now.address();
    }
    if (now != null) {
      LOG.warn("Appium at {} does not answer and is started anew", now.address());
      now.child().kill();
      running = null;
    }
    Running started = start();
    running = started;
    return started.address();
  }

  /** Whether it is the one that was at this address, and answers there. */
  boolean answers(Address address) throws InterruptedException {
    Running now;
    synchronized (this) {
      now = running;
    }
    return now != null
        && now.address().equals(address)
        && now.child().alive()
        && healthy(now.address());
  }

  private Running start() throws IOException, InterruptedException {
    Path program = home.resolve("node_modules/appium/index.js");
    if (!Files.isRegularFile(program)) {
      throw new IOException(
          "the project's packages bring no Appium (node_modules/appium): AppWright depends on it,"
              + " is the lockfile whole?");
    }
    Address address = new Address("127.0.0.1", Ports.free());
    Path own = Files.createDirectories(stateDir.resolve("appium").resolve("home"));
    Map<String, String> clean = CleanEnvironment.from(environment, own);
    clean.put("APPIUM_HOME", home.toString());
    CompletableFuture<Boolean> up = new CompletableFuture<>();
    List<String> command =
        new ArrayList<>(
            List.of(
                children.node(),
                program.toString(),
                "server",
                "--address",
                address.host(),
                "--port",
                Integer.toString(address.port()),
                "--use-drivers=uiautomator2",
                "--log-no-colors"));
    if (major(program) >= 3) {
      // else it tells no sessions, and one that a killed run was opening could not be ended
      command.add("--allow-insecure=*:session_discovery");
    }
    Child child =
        children.start(
            new Command(
                command,
                home,
                clean,
                null,
                stateDir.resolve("appium").resolve("appium-" + address.port() + ".log")),
            new ProcessListener() {
              @Override
              public void onLine(String line) {
                if (line.contains(UP)) {
                  up.complete(true);
                }
              }

              @Override
              public void onExit(dev.qgjob.worker.process.Exit exit) {
                up.complete(false);
              }
            });
    try {
      if (up.get(startLimit.toMillis(), TimeUnit.MILLISECONDS) && healthy(address)) {
        LOG.info("Appium of {} listens at {}", home, address);
        return new Running(child, address);
      }
      throw new IOException("Appium does not start: " + child.log().lastLine());
    } catch (TimeoutException e) {
      throw new IOException("Appium does not answer within " + startLimit.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      if (!up.isDone() || !up.join()) {
        child.kill();
      }
    }
  }

  /** The first number of the version of the Appium that this is the program of. */
  private static int major(Path program) throws IOException {
    String version =
        new ObjectMapper()
            .readTree(Files.readString(program.resolveSibling("package.json")))
            .path("version")
            .asText();
    Semver known = Semver.parse(version);
    return known == null ? 0 : known.getMajor();
  }

  /** Asked more than once: on a busy host an answer takes seconds, and all slots share it. */
  private boolean healthy(Address address) throws InterruptedException {
    for (int question = 1; question <= QUESTIONS; question++) {
      if (answersOnce(address)) {
        return true;
      }
    }
    return false;
  }

  private boolean answersOnce(Address address) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(address.at("/status")).timeout(ANSWER).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public synchronized void close() {
    Running now = running;
    running = null;
    if (now != null) {
      now.child().kill();
    }
  }
}
