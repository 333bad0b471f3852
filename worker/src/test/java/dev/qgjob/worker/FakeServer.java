package dev.qgjob.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.Problem;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.access.EnrolWorker;
import dev.qgjob.protocol.access.WorkerEnrolled;
import dev.qgjob.protocol.fleet.Beat;
import dev.qgjob.protocol.fleet.BeatAnswer;
import dev.qgjob.protocol.fleet.BrokerAccess;
import dev.qgjob.protocol.fleet.LeaseAnswer;
import dev.qgjob.protocol.fleet.RegisterWorker;
import dev.qgjob.protocol.fleet.Rejection;
import dev.qgjob.protocol.fleet.WorkerRegistered;
import dev.qgjob.protocol.lease.Claim;
import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.lease.FinishAnswers;
import dev.qgjob.protocol.lease.Finished;
import dev.qgjob.protocol.lease.Finishes;
import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.protocol.lease.Granted;
import dev.qgjob.protocol.lease.JobFinished;
import dev.qgjob.protocol.lease.RunSpecification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** A server whose answers a test writes; what is not scripted is granted and recorded. */
public final class FakeServer implements AutoCloseable {
  /** An answer: a status with a body, or no answer at all. */
  public record Answer(int status, Object body) {
    /** Cuts the connection after the request was taken. */
    public static final Answer CUT = new Answer(0, "");

    /** Takes the request and never answers, while the connection stays open. */
    public static final Answer NEVER = new Answer(-1, "");

    public static Answer ok(Object body) {
      return new Answer(200, body);
    }

    public static Answer problem(int status, String type) {
      return new Answer(status, new Problem(type, type, status, null, null, null, null));
    }
  }

  public record Reported(String jobId, Finish finish) {}

  public record Uploaded(String jobId, String attempt, String name, String token, byte[] bytes) {}

  /** Of a log: the bytes from {@code from} on. */
  public record Piece(String jobId, String attempt, String token, String from, String text) {}

  public final List<RegisterWorker> registrations = new CopyOnWriteArrayList<>();
  public final List<Beat> beats = new CopyOnWriteArrayList<>();
  public final List<Rejection> rejections = new CopyOnWriteArrayList<>();
  public final List<Claim> claims = new CopyOnWriteArrayList<>();
  public final List<Reported> finishes = new CopyOnWriteArrayList<>();
  public final List<Uploaded> uploads = new CopyOnWriteArrayList<>();
  public final List<Piece> pieces = new CopyOnWriteArrayList<>();
  public final List<String> goodbyes = new CopyOnWriteArrayList<>();
  public final Set<String> stopped = ConcurrentHashMap.newKeySet();
  public final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

  public volatile Function<RegisterWorker, Answer> onRegistration = this::registered;
  public volatile Function<Beat, Answer> onBeat = this::beatAnswer;
  public volatile Function<Rejection, Answer> onRejection = rejection -> new Answer(204, "");
  public volatile Function<Claim, Answer> onClaim = claim -> granted(claim, claim.jobId());
  public volatile Function<Reported, Answer> onFinish =
      reported -> Answer.ok(new Finished(reported.jobId(), reported.finish().outcome()));
  public volatile Function<Uploaded, Answer> onUpload = uploaded -> new Answer(201, Map.of());
  public volatile Function<Piece, Answer> onPiece = piece -> new Answer(204, "");
  public volatile Function<EnrolWorker, Answer> onEnrol =
      enrol -> new Answer(201, new WorkerEnrolled("w1", enrol.name(), "worker-token"));
  public volatile Supplier<Answer> onGoodbye = () -> new Answer(200, Map.of());

  /** When a beat that carried a lease came last. */
  public volatile long lastRenewalAt;

  /** How many finishes came in each request that told several. */
  public final List<Integer> together = new CopyOnWriteArrayList<>();

  public volatile boolean takesTogether = true;
  public volatile boolean silent;
  public volatile boolean drain;
  public volatile String brokerUrl;
  public volatile long leaseMs = 4_000;

  private final AtomicLong incarnations = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer http;

  public FakeServer(String brokerUrl) throws IOException {
    this.brokerUrl = brokerUrl;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    http.setExecutor(threads);
    http.createContext(Paths.API, this::handle);
    http.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  public Answer registered(RegisterWorker registration) {
    return Answer.ok(
        new WorkerRegistered(
            "w1",
            incarnations.incrementAndGet(),
            new BrokerAccess(brokerUrl, "w1", "secret"),
            Map.of(Target.EMULATOR, "jobs.emulator", Target.DEVICE, "jobs.device"),
            "worker.w1",
            leaseMs,
            leaseMs / 4));
  }

  public Answer beatAnswer(Beat beat) {
    return Answer.ok(
        new BeatAnswer(
            beat.leases().stream()
                .map(
                    lease ->
                        new LeaseAnswer(
                            lease.jobId(),
                            !stopped.contains(lease.jobId()),
                            stopped.contains(lease.jobId()) ? "the job was cancelled" : null))
                .toList(),
            drain));
  }

  public Answer granted(Claim claim, String... jobIds) {
    return Answer.ok(
        new Granted(leaseMs, java.util.Arrays.stream(jobIds).map(id -> grant(id, claim)).toList()));
  }

  public static Grant grant(String jobId, Claim claim) {
    return new Grant(
        jobId,
        "run-1",
        claim.generation(),
        1,
        specification("tests/" + jobId + ".spec.js"),
        List.of());
  }

  public static RunSpecification specification(String testPath) {
    return new RunSpecification(
        "qualgent",
        "xyz123",
        1,
        testPath,
        null,
        "a".repeat(64),
        ".",
        "appwright.config.js",
        "android",
        Target.EMULATOR,
        "b".repeat(64),
        "app.apk",
        "io.appium.android.apis",
        ResetPolicy.CLEAR_DATA,
        60,
        false,
        null,
        null,
        Map.of("SECRET", "hush"),
        Map.of(),
        null);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (silent) {
      exchange.close();
      return;
    }
    Answer answer = answer(exchange, body);
    if (answer.status() == 0) {
      exchange.close();
      return;
    }
    if (answer.status() < 0) {
      awaitEnd();
      return;
    }
    if (answer.status() == 204) {
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
      return;
    }
    byte[] bytes =
        answer.body() instanceof byte[] raw ? raw : Json.mapper().writeValueAsBytes(answer.body());
    exchange
        .getResponseHeaders()
        .set(
            "Content-Type",
            answer.body() instanceof Problem ? Paths.PROBLEM_JSON : "application/json");
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void awaitEnd() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer answer(HttpExchange exchange, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(Paths.API.length());
    String[] parts = path.substring(1).split("/");
    String method = exchange.getRequestMethod();
    if (path.equals("/workers/enrol")) {
      return onEnrol.apply(read(body, EnrolWorker.class));
    }
    if (!"Bearer worker-token".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      return Answer.problem(401, "unauthorized");
    }
    if (path.equals("/workers/w1/registration") && method.equals("POST")) {
      RegisterWorker registration = read(body, RegisterWorker.class);
      registrations.add(registration);
      return onRegistration.apply(registration);
    }
    if (path.equals("/workers/w1/registration") && method.equals("DELETE")) {
      goodbyes.add(exchange.getRequestURI().getQuery());
      return onGoodbye.get();
    }
    if (path.equals("/workers/w1/beat")) {
      Beat beat = read(body, Beat.class);
      beats.add(beat);
      if (!beat.leases().isEmpty()) {
        lastRenewalAt = System.nanoTime();
      }
      return onBeat.apply(beat);
    }
    if (path.equals("/workers/w1/rejections")) {
      Rejection rejection = read(body, Rejection.class);
      rejections.add(rejection);
      return onRejection.apply(rejection);
    }
    if (path.equals("/workers/w1/claims")) {
      Claim claim = read(body, Claim.class);
      claims.add(claim);
      return onClaim.apply(claim);
    }
    if (path.equals("/workers/w1/finishes")) {
      return together(read(body, Finishes.class));
    }
    if (parts[0].equals("jobs") && parts[2].equals("finish")) {
      Reported reported = new Reported(parts[1], read(body, Finish.class));
      finishes.add(reported);
      return onFinish.apply(reported);
    }
    if (parts[0].equals("jobs") && parts[2].equals("artefacts") && parts.length == 5) {
      String token = exchange.getRequestHeaders().getFirst(Paths.LEASE_TOKEN);
      Uploaded uploaded = new Uploaded(parts[1], parts[3], parts[4], token, body);
      uploads.add(uploaded);
      return onUpload.apply(uploaded);
    }
    if (parts[0].equals("jobs") && parts[2].equals("logs")) {
      Piece piece =
          new Piece(
              parts[1],
              parts[3],
              exchange.getRequestHeaders().getFirst(Paths.LEASE_TOKEN),
              exchange.getRequestHeaders().getFirst(Paths.UPLOAD_OFFSET),
              new String(body, StandardCharsets.UTF_8));
      pieces.add(piece);
      return onPiece.apply(piece);
    }
    if (parts[0].equals("blobs") && blobs.containsKey(parts[1])) {
      return Answer.ok(blobs.get(parts[1]));
    }
    return Answer.problem(404, "not-found");
  }

  /** As each of them would be answered alone, where that can be said together. */
  private Answer together(Finishes told) {
    if (!takesTogether) {
      return Answer.problem(404, "not-found");
    }
    List<JobFinished> answers = new ArrayList<>();
    List<Reported> all =
        told.finishes().stream().map(one -> new Reported(one.jobId(), one.finish())).toList();
    for (Reported reported : all) {
      Answer answer = onFinish.apply(reported);
      if (answer.status() == 200) {
        answers.add(new JobFinished(reported.jobId(), ((Finished) answer.body()).state(), null));
      } else if (answer.status() == 409) {
        answers.add(new JobFinished(reported.jobId(), null, "fenced"));
      } else {
        return answer;
      }
    }
    finishes.addAll(all);
    together.add(all.size());
    return Answer.ok(new FinishAnswers(answers));
  }

  private static <T> T read(byte[] body, Class<T> type) throws IOException {
    return Json.mapper().readValue(body, type);
  }

  /** States reported for a job. */
  public List<JobState> outcomes(String jobId) {
    return finishes.stream()
        .filter(reported -> reported.jobId().equals(jobId))
        .map(reported -> reported.finish().outcome())
        .toList();
  }

  public Beat lastBeat() {
    int size = beats.size();
    if (size == 0) {
      throw new AssertionError("no beat has come yet");
    }
    return beats.get(size - 1);
  }

  @Override
  public void close() {
    closed.countDown();
    http.stop(0);
    threads.shutdownNow();
  }
}
