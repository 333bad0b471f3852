package dev.qgjob.worker.browserstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.workspace.Digests;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Apps at BrowserStack, by digest and account. Thread-safe. */
public final class Uploads {
  /** BrowserStack keeps an app for 30 days; a run that begins on the last one should still end. */
  private static final Duration KEPT = Duration.ofDays(28);

  private static final Duration UPLOAD = Duration.ofMinutes(15);

  /**
   * An app that is there.
   *
   * @param url {@code bs://…}
   * @param fresh whether it was uploaded just now
   */
  public record Uploaded(String url, boolean fresh) {}

  /** What BrowserStack takes of one user within {@link #WINDOW}. */
  private static final int MOST = 5;

  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final ObjectMapper json = new ObjectMapper();
  private final Path folder;
  private final CloudApi api;
  private final InstantSource clock;
  private final Pause pause;
  private final Map<Path, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Map<Account, Deque<Instant>> lately = new ConcurrentHashMap<>();

  /** Uploads noted in {@code stateDir}. */
  public Uploads(Path stateDir, CloudApi api, InstantSource clock) throws IOException {
    this(stateDir, api, clock, Pause.REAL);
  }

  Uploads(Path stateDir, CloudApi api, InstantSource clock, Pause pause) throws IOException {
    this.folder = Files.createDirectories(stateDir.toAbsolutePath().resolve("browserstack"));
    this.api = api;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Has the app there, uploading it when it is not. Who needs the same app waits for that; others
   * do not, unless {@value #MOST} were uploaded within a minute.
   *
   * @throws CloudFault with BrowserStack's own reason when it refuses
   */
  public Uploaded ensure(App app, Path binary, Account account)
      throws IOException, InterruptedException {
    Path note = note(app, account);
    ReentrantLock turn = turn(note);
    turn.lockInterruptibly();
    try {
      Optional<String> known = noted(note);
      if (known.isPresent()) {
        return new Uploaded(known.get(), false);
      }
      // another worker of the account may have brought it there
      Optional<String> theirs = named(app, account);
      String url = theirs.isPresent() ? theirs.get() : upload(app, binary, account);
      Path part = Files.createTempFile(folder, "upload", ".part");
      Files.writeString(
          part,
          json.createObjectNode().put("url", url).put("at", clock.instant().toString()).toString());
      Files.move(part, note, StandardCopyOption.ATOMIC_MOVE);
      return new Uploaded(url, theirs.isEmpty());
    } finally {
      turn.unlock();
    }
  }

  private ReentrantLock turn(Path note) {
    return locks.computeIfAbsent(note, n -> new ReentrantLock());
  }

  /** BrowserStack says that it is not there any more: somebody deleted it. */
  public void forget(App app, Account account) throws IOException {
    Path note = note(app, account);
    ReentrantLock turn = turn(note);
    turn.lock();
    try {
      Files.deleteIfExists(note);
    } finally {
      turn.unlock();
    }
  }

  /**
   * Returns when one more upload is within what BrowserStack takes, as far as this worker knows.
   */
  private void awaitTurn(Account account) throws InterruptedException {
    Deque<Instant> last = lately.computeIfAbsent(account, of -> new ArrayDeque<>());
    while (true) {
      Duration left;
      synchronized (last) {
        Instant now = clock.instant();
        while (!last.isEmpty() && !last.getFirst().plus(WINDOW).isAfter(now)) {
          last.removeFirst();
        }
        if (last.size() < MOST) {
          last.addLast(now);
          return;
        }
        left = Duration.between(now, last.getFirst().plus(WINDOW));
      }
      pause.of(left);
    }
  }

  private Path note(App app, Account account) {
    return folder.resolve(app.sha256() + "-" + Digests.sha256(account.user()).substring(0, 12));
  }

  private static String customId(App app) {
    return "qgjob-" + app.sha256().substring(0, 40);
  }

  /** The newest upload under the app's own name that is young enough. */
  private Optional<String> named(App app, Account account)
      throws IOException, InterruptedException {
    JsonNode answer =
        api.ask(account, "/app-automate/recent_apps/" + customId(app), Duration.ofSeconds(30));
    if (!answer.isArray()) {
      return Optional.empty(); // BrowserStack says "No results found" in an object
    }
    for (JsonNode one : answer) {
      String url = one.path("app_url").asText();
      if (url.startsWith("bs://")
          && one.path("custom_id").asText().equals(customId(app))
          && young(one.path("uploaded_at").asText())) {
        return Optional.of(url);
      }
    }
    return Optional.empty();
  }

  /** Without a date that can be read nothing is known of its age. */
  private boolean young(String uploadedAt) {
    try {
      String iso = uploadedAt.replace(" UTC", "Z").replaceFirst("^(\\d{4}-\\d\\d-\\d\\d) ", "$1T");
      return clock.instant().isBefore(Instant.parse(iso).plus(KEPT));
    } catch (java.time.DateTimeException e) {
      return false;
    }
  }

  private Optional<String> noted(Path note) throws IOException {
    if (!Files.isRegularFile(note)) {
      return Optional.empty();
    }
    try {
      JsonNode entry = json.readTree(Files.readString(note));
      Instant at = Instant.parse(entry.path("at").asText());
      String url = entry.path("url").asText();
      return url.startsWith("bs://") && clock.instant().isBefore(at.plus(KEPT))
          ? Optional.of(url)
          : Optional.empty();
    } catch (JsonProcessingException | java.time.DateTimeException e) {
      return Optional.empty(); // an unreadable note is no note
    }
  }

  private String upload(App app, Path binary, Account account)
      throws IOException, InterruptedException {
    awaitTurn(account);
    String boundary = "qgjob" + UUID.randomUUID();
    HttpRequest request =
        HttpRequest.newBuilder(api.endpoints().api().resolve("/app-automate/upload"))
            .timeout(UPLOAD)
            .header("Authorization", account.authorization())
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(body(boundary, app, binary))
            .build();
    String url = api.send(account, request, "the app").path("app_url").asText();
    if (!url.startsWith("bs://")) {
      throw new CloudFault(
          FailureKind.INFRASTRUCTURE, "BrowserStack took the app and names no address for it");
    }
    return url;
  }

  private static BodyPublisher body(String boundary, App app, Path binary) throws IOException {
    String start =
        "--"
            + boundary
            + "\r\n"
            + "Content-Disposition: form-data; name=\"custom_id\"\r\n\r\n"
            + customId(app)
            + "\r\n"
            + "--"
            + boundary
            + "\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\""
            + app.fileName().replaceAll("[^A-Za-z0-9._-]", "_")
            + "\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n";
    return BodyPublishers.concat(
        BodyPublishers.ofString(start, StandardCharsets.UTF_8),
        BodyPublishers.ofFile(binary),
        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", StandardCharsets.UTF_8));
  }
}
