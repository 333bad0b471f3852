package dev.qgjob.simfarm.browserstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.qgjob.simfarm.device.SimulatedPhone;
import dev.qgjob.simfarm.http.JsonExchange;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stand-in's HTTPS server on 127.0.0.1, under the names of BrowserStack's hosts. A client
 * reaches it when it trusts the authority's certificate and resolves those names to loopback.
 * Thread-safe.
 */
public final class BrowserStackServer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(BrowserStackServer.class);
  private static final List<String> HOSTS =
      List.of(
          "hub.browserstack.com",
          "hub-cloud.browserstack.com",
          "api-cloud.browserstack.com",
          "api.browserstack.com",
          "localhost",
          "127.0.0.1");

  /** BrowserStack's limits for a user. */
  private static final int REQUESTS_A_SECOND = 90;

  private static final int UPLOADS_A_MINUTE = 5;

  private final HttpsServer server;
  private final byte[] credentials;
  private final Uploads uploads;
  private final Parallels parallels;
  private final Sessions sessions;
  private final Faults faults = new Faults();
  private final Rate requests;
  private final Rate uploadRate;
  private final AtomicInteger limited = new AtomicInteger();
  private final Hub hub;
  private final AppAutomateApi api;
  private final ScheduledExecutorService reaper = Executors.newSingleThreadScheduledExecutor();

  /**
   * What the stand-in is to be.
   *
   * @param port 0 for any free one
   * @param appium base URL of an Appium whose adb server knows the phones
   * @param adbPort that adb server's port, if it is not the usual one
   * @param parallels sessions that run at once; the queue takes 5, or as many as the parallels if
   *     they are more
   * @param certificate file that gets the authority's certificate
   * @param folder an existing folder for uploads; whoever made it removes it
   */
  public record Plan(
      int port,
      URI appium,
      Optional<Integer> adbPort,
      int parallels,
      String user,
      String key,
      Path certificate,
      Path folder) {
    /** Checks the numbers and names. */
    public Plan {
      if (parallels < 1) {
        throw new IllegalArgumentException("a plan has at least 1 parallel, not " + parallels);
      }
      if (user.isEmpty() || key.isEmpty() || user.indexOf(':') >= 0) {
        throw new IllegalArgumentException(
            "BrowserStack's user name and access key must not be empty, and the name has no colon");
      }
      if (!"http".equals(appium.getScheme()) || appium.getHost() == null) {
        throw new IllegalArgumentException(
            "'" + appium + "' is no address of an Appium; write it like http://127.0.0.1:4723");
      }
    }
  }

  /**
   * Opens the server and writes the authority's certificate.
   *
   * @throws BindException if the port is taken; the message names it
   */
  public BrowserStackServer(
      Plan plan, List<SimulatedPhone> phones, ExecutorService executor, InstantSource clock)
      throws IOException {
    this.credentials = (plan.user() + ":" + plan.key()).getBytes(StandardCharsets.UTF_8);
    this.uploads = new Uploads(plan.folder(), clock);
    this.parallels = new Parallels(plan.parallels(), phones);
    this.sessions = new Sessions(clock);
    this.hub =
        new Hub(uploads, parallels, sessions, new Appium(plan.appium(), plan.adbPort()), faults);
    this.requests = new Rate(REQUESTS_A_SECOND, Duration.ofSeconds(1), clock);
    this.uploadRate = new Rate(UPLOADS_A_MINUTE, Duration.ofMinutes(1), clock);
    this.api = new AppAutomateApi(plan.user(), uploads, parallels, sessions);
    Instant now = clock.instant();
    CertificateAuthority authority = new CertificateAuthority(now);
    Path folder = plan.certificate().toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    authority.writePem(plan.certificate());
    try {
      this.server =
          HttpsServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), plan.port()), 0);
    } catch (BindException e) {
      BindException taken =
          new BindException(
              "port " + plan.port() + " is taken: choose another with --browserstack");
      taken.initCause(e);
      throw taken;
    }
    server.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext(HOSTS)));
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
    var unused = reaper.scheduleWithFixedDelay(hub::endIdle, 5, 5, TimeUnit.SECONDS);
  }

  /** Where the server is. */
  public String url() {
    return "https://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What happened so far. */
  public BrowserStackReport report() {
    Parallels.Load load = parallels.load();
    return new BrowserStackReport(
        uploads.count(),
        sessions.count(),
        load.running(),
        load.queued(),
        load.mostRunning(),
        load.mostQueued(),
        limited.get(),
        hub.lastOptions());
  }

  /** What it is told to do wrong. */
  public Faults faults() {
    return faults;
  }

  @Override
  public void close() {
    reaper.shutdownNow();
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      if (needsCredentials(path) && !isKnown(exchange)) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"BrowserStack\"");
        JsonExchange.fail(exchange, 401, "Unauthorized: wrong user name or access key");
      } else if (path.startsWith("/wd/hub/")) {
        hub.handle(exchange, path.substring("/wd/hub".length()));
      } else if (path.startsWith("/app-automate/")) {
        if (!refused(exchange, path.endsWith("/upload"))) {
          api.handle(exchange, path.substring("/app-automate".length()));
        }
      } else {
        JsonExchange.fail(exchange, 404, "the stand-in does not know " + path);
      }
    } catch (JsonProcessingException e) {
      JsonExchange.fail(exchange, 400, "the body is not JSON");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} {} failed: {}", exchange.getRequestMethod(), path, e.toString());
      if (exchange.getResponseCode() == -1) {
        Hub.fail(exchange, 500, "unknown error", String.valueOf(e.getMessage()));
      }
    }
  }

  /** Answers a request that is too much, or that was ordered to go wrong. */
  private boolean refused(HttpExchange exchange, boolean upload) throws IOException {
    Optional<Faults.Fault> fault =
        faults.take(upload ? Faults.Place.UPLOAD : Faults.Place.API).or(() -> tooMany(upload));
    if (fault.isEmpty()) {
      return false;
    }
    exchange.getRequestBody().readAllBytes();
    fault.get().retryAfter().ifPresent(seconds -> Hub.retryAfter(exchange, seconds));
    JsonExchange.fail(exchange, fault.get().status(), fault.get().message());
    return true;
  }

  private Optional<Faults.Fault> tooMany(boolean upload) {
    Optional<Duration> wait = requests.tooMany();
    if (wait.isEmpty() && upload) {
      wait = uploadRate.tooMany();
    }
    wait.ifPresent(time -> limited.incrementAndGet());
    return wait.map(
        time ->
            new Faults.Fault(
                429, "Too many requests", OptionalInt.of((int) time.plusMillis(999).toSeconds())));
  }

  /** As on BrowserStack: within a session its id, which nobody can guess, is credential enough. */
  private static boolean needsCredentials(String path) {
    return !path.startsWith("/wd/hub/session/");
  }

  private boolean isKnown(HttpExchange exchange) {
    String sent =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    if (!sent.startsWith("Basic ")) {
      return false;
    }
    try {
      return MessageDigest.isEqual(
          credentials, Base64.getDecoder().decode(sent.substring("Basic ".length()).strip()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
