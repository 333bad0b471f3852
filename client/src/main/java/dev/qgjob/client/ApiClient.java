package dev.qgjob.client;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.Problem;
import dev.qgjob.protocol.submit.UploadView;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one server with one token. Thread-safe. Every call throws {@link ApiProblem} where
 * the server refuses and {@link Unreachable} where no whole answer comes, and every call ends: a
 * small request within its time limit, from dialling to the last byte of the answer; a transfer of
 * a file as soon as no byte has moved for a while, and never while bytes move.
 *
 * <p>Nothing is repeated unless {@link #repeating} says so.
 */
public final class ApiClient {
  /** How long a transfer may stand still unless told otherwise. */
  private static final Duration STALL = Duration.ofSeconds(30);

  private static final String ACCEPT = "application/json, " + Paths.PROBLEM_JSON + ", */*;q=0.5";

  private static final Duration LONGEST_DIAL = Duration.ofSeconds(5);

  /** Bytes from which on it is worth asking how much of an upload came before. */
  private static final long WORTH_A_QUESTION = 1_000_000;

  private final URI server;
  private final String base;
  private final @Nullable String token;
  private final Duration timeout;
  private final Duration stall;
  private final @Nullable Repeats repeats;
  private final boolean brief;
  private final Lines lines;

  /**
   * @param server such as {@code http://localhost:8080}
   * @param token bearer token, or null for what is open to all
   * @param timeout for one small request; transfers of files may take as long as they move
   * @throws IllegalArgumentException if a token would travel over plain HTTP to another machine
   */
  public ApiClient(URI server, @Nullable String token, Duration timeout) {
    this(server, token, timeout, timeout.compareTo(STALL) > 0 ? timeout : STALL);
  }

  /**
   * As the other, with a limit of its own for transfers.
   *
   * @param stall how long no byte of a file may move, nor the answer to it come, before it is given
   *     up
   */
  public ApiClient(URI server, @Nullable String token, Duration timeout, Duration stall) {
    if (server.getHost() == null || !("http".equals(server.getScheme()) || isTls(server))) {
      throw new IllegalArgumentException(
          "'" + server + "' is not a server URL; give it as https://host[:port]");
    }
    if (token != null && !isPrivate(server)) {
      throw new IllegalArgumentException(
          "refusing to send a token over plain HTTP to " + server.getHost() + "; use https://");
    }
    this.server = server;
    this.base = server.toString().replaceFirst("/+$", "");
    this.token = token;
    this.timeout = timeout;
    this.stall = stall;
    this.repeats = null;
    this.brief = false;
    this.lines =
        new Lines(isTls(server), timeout.compareTo(LONGEST_DIAL) < 0 ? timeout : LONGEST_DIAL);
  }

  private ApiClient(ApiClient like, @Nullable Repeats repeats, boolean brief) {
    this.server = like.server;
    this.base = like.base;
    this.token = like.token;
    this.timeout = like.timeout;
    this.stall = like.stall;
    this.lines = like.lines;
    this.repeats = repeats;
    this.brief = brief;
  }

  /**
   * The same, but what a repeat cannot change (GET, PUT, DELETE, questions, and POST under an
   * idempotency key) is repeated over short outages.
   */
  public ApiClient repeating(Repeats wanted) {
    return new ApiClient(this, wanted, brief);
  }

  /** The same, with every request sent once. */
  public ApiClient once() {
    return new ApiClient(this, null, brief);
  }

  /**
   * The same for a process that asks once and ends: {@link #ask} and {@link #get} are ready sooner,
   * and keep no connection open.
   */
  public ApiClient brief() {
    return new ApiClient(this, repeats, true);
  }

  private static boolean isTls(URI server) {
    return "https".equals(server.getScheme());
  }

  /** Nobody on the way can read what is sent: over TLS, or within this machine. */
  public static boolean isPrivate(URI server) {
    return isTls(server) || isLoopback(server.getHost());
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The server that is spoken to. */
  public URI server() {
    return server;
  }

  /** GET below {@link Paths#API}; {@code path} starts with a slash and is encoded already. */
  public <T> T get(String path, Class<T> answer) {
    return ask(path, answer).body();
  }

  /** GET that keeps the answer's own text beside what was read from it. */
  public <T> Answer<T> ask(String path, Class<T> answer) {
    if (brief && answer.isRecord()) {
      URI uri = uri(path);
      return harmless(
          () -> keep(good(BriefGet.of(uri, ACCEPT, token, lines.dial(), timeout)), answer));
    }
    HttpRequest request = request(path).GET().build();
    return harmless(() -> keep(good(exchange(request)), answer));
  }

  /** As {@link #ask}, where the answer is the same record under a 503: how the server is. */
  public <T> Answer<T> askEvenIfUnready(String path, Class<T> answer) {
    Reply reply = exchange(request(path).GET().build());
    return keep(isProblem(reply) || reply.status() != 503 ? good(reply) : reply, answer);
  }

  /** POST of a JSON body that keeps the answer's own text beside what was read from it. */
  public <T> Answer<T> tell(
      String path, Object body, Class<T> answer, Map<String, String> headers) {
    HttpRequest request = json(path, body, headers);
    Supplier<Answer<T>> exchange = () -> keep(good(exchange(request)), answer);
    return headers.containsKey(Paths.IDEMPOTENCY_KEY) ? harmless(exchange) : exchange.get();
  }

  /** POST of a JSON body. */
  public <T> T post(String path, Object body, Class<T> answer) {
    return post(path, body, answer, Map.of());
  }

  /** POST of a JSON body with further headers. */
  public <T> T post(String path, Object body, Class<T> answer, Map<String, String> headers) {
    return tell(path, body, answer, headers).body();
  }

  /** POST of a JSON body; whatever is answered is dropped. */
  public void tell(String path, Object body) {
    good(exchange(json(path, body, Map.of())));
  }

  /** POST of a JSON body that changes nothing at the server: a question too long for a GET. */
  public <T> T question(String path, Object body, Class<T> answer) {
    HttpRequest request = json(path, body, Map.of());
    return harmless(() -> keep(good(exchange(request)), answer)).body();
  }

  private HttpRequest json(String path, Object body, Map<String, String> headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(write(body)));
    headers.forEach(request::header);
    return request.build();
  }

  /** POST of bytes; whatever is answered is dropped. */
  public void tell(String path, byte[] bytes, Map<String, String> headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(bytes));
    headers.forEach(request::header);
    good(exchange(request.build()));
  }

  /** GET of so few bytes that they come as one small answer. */
  public byte[] bytes(String path) {
    HttpRequest request = request(path).setHeader("Accept", "*/*").GET().build();
    return harmless(() -> good(exchange(request))).body();
  }

  /** DELETE; whatever is answered is dropped. */
  public void delete(String path) {
    HttpRequest request = request(path).DELETE().build();
    harmless(() -> good(exchange(request)));
  }

  /** PUT of a file's bytes. */
  public void put(String path, Path file, String contentType, Map<String, String> headers) {
    harmless(
        () -> {
          Motion motion = new Motion();
          HttpRequest.Builder request =
              request(path).header("Content-Type", contentType).PUT(motion.of(bytesOf(file)));
          headers.forEach(request::header);
          return good(transfer(request.build(), BodyHandlers.ofByteArray(), motion));
        });
  }

  /**
   * PUT of a blob's bytes, from where an upload of it that was cut off ended: this one's when it is
   * repeated, or an earlier process's.
   */
  public void upload(String sha256, Path file) {
    String path = "/blobs/" + sha256;
    long size = file.toFile().length();
    harmless(
        () -> {
          long from = size < WORTH_A_QUESTION ? 0 : begun(path);
          try {
            return rest(path, file, from, size);
          } catch (ApiProblem e) {
            if (from == 0 || (e.status() != 409 && e.status() != 422)) {
              throw e;
            }
            // what came is not there any more, or was not the beginning of this file
            return rest(path, file, 0, size);
          }
        });
  }

  private Reply rest(String path, Path file, long from, long size) {
    Motion motion = new Motion();
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/octet-stream")
            .PUT(motion.of(from == 0 ? bytesOf(file) : bytesOf(file, from, size)));
    if (from > 0) {
      request.header(Paths.UPLOAD_OFFSET, Long.toString(from));
    }
    return good(transfer(request.build(), BodyHandlers.ofByteArray(), motion));
  }

  /** None is an answer like any other; and an older server does not know of such uploads. */
  private long begun(String path) {
    Reply reply = exchange(request(path + "/upload").GET().build());
    return reply.status() == 404 ? 0 : keep(good(reply), UploadView.class).body().received();
  }

  private static BodyPublisher bytesOf(Path file, long from, long size) {
    if (from >= size) {
      return BodyPublishers.noBody();
    }
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofInputStream(
            () -> {
              try {
                InputStream rest = Files.newInputStream(file);
                rest.skipNBytes(from);
                return rest;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }),
        size - from);
  }

  private static BodyPublisher bytesOf(Path file) {
    try {
      return BodyPublishers.ofFile(file);
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException(file + " cannot be read", e);
    }
  }

  /** GET of a file; {@code target} appears only when it is whole. */
  public void download(String path, Path target) throws IOException {
    Path part = Files.createTempFile(target.toAbsolutePath().getParent(), "part", ".tmp");
    try {
      harmless(
          () -> {
            Motion motion = new Motion();
            try {
              return good(transfer(request(path).GET().build(), motion.into(part), motion));
            } catch (Unreachable e) {
              Throwable why = motion.unwritable().filter(t -> !e.late()).orElseThrow(() -> e);
              throw new UncheckedIOException(
                  new FileSystemException(target.toString(), null, why.getMessage()));
            }
          });
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Follows a stream of events; returns at once. A refusal is an end like any other: whoever wants
   * to know more asks.
   *
   * @param last id of the last event that came before, or null
   * @param queue gets the events
   */
  public EventFeed follow(
      String path, @Nullable String last, BlockingQueue<EventFeed.Event> queue) {
    HttpRequest.Builder request = request(path).setHeader("Accept", "text/event-stream");
    if (last != null) {
      request.header("Last-Event-ID", last);
    }
    EventFeed feed = new EventFeed(queue);
    feed.carriedBy(
        lines
            .now()
            .sendAsync(
                request.GET().build(),
                head ->
                    head.statusCode() == 200
                        ? BodySubscribers.fromLineSubscriber(feed.new Reader())
                        : BodySubscribers.replacing(null)));
    return feed;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).header("Accept", ACCEPT);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  private URI uri(String path) {
    return URI.create(base + Paths.API + path);
  }

  private <T> T harmless(Supplier<T> request) {
    return repeats == null ? request.get() : repeats.of(request);
  }

  private static Reply good(Reply reply) {
    if (reply.status() < 300) {
      return reply;
    }
    throw new ApiProblem(problem(reply), retryAfter(reply));
  }

  private static boolean isProblem(Reply reply) {
    return reply.contentType().startsWith(Paths.PROBLEM_JSON);
  }

  /** Seconds; the form with a date would need a clock that agrees with the server's. */
  private static @Nullable Duration retryAfter(Reply reply) {
    String text = reply.retryAfter() == null ? "" : reply.retryAfter();
    return text.matches("[0-9]{1,6}") ? Duration.ofSeconds(Long.parseLong(text)) : null;
  }

  /** A small exchange: its limit is for the whole of it. */
  private Reply exchange(HttpRequest request) {
    long end = System.nanoTime() + timeout.toNanos();
    return await(
        request,
        BodyHandlers.ofByteArray(),
        () -> end - System.nanoTime(),
        "no whole answer within " + timeout.toMillis() + " ms");
  }

  private Reply transfer(HttpRequest request, BodyHandler<byte[]> handler, Motion motion) {
    return await(
        request,
        handler,
        () -> stall.toNanos() - motion.standsStillNanos(),
        "nothing moved for " + stall.toMillis() + " ms");
  }

  /**
   * @param left nanoseconds that the exchange may still take as of now
   */
  private Reply await(
      HttpRequest request, BodyHandler<byte[]> handler, LongSupplier left, String overdue) {
    HttpClient used = lines.now();
    CompletableFuture<HttpResponse<byte[]>> answer = used.sendAsync(request, handler);
    try {
      while (true) {
        long nanos = left.getAsLong();
        if (nanos <= 0) {
          // what stands still may do so for the other lines that are kept open, too: dial anew
          lines.dialAnew(used);
          throw new Unreachable(request.uri(), new HttpTimeoutException(overdue));
        }
        try {
          return reply(answer.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
          // looks again whether it moved meanwhile
        }
      }
    } catch (ExecutionException e) {
      throw new Unreachable(request.uri(), failure(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unreachable(request.uri(), new InterruptedIOException("interrupted"));
    } finally {
      answer.cancel(true);
    }
  }

  private static Reply reply(HttpResponse<byte[]> response) {
    return new Reply(
        response.uri(),
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        response.headers().firstValue("Retry-After").orElse(null),
        response.body());
  }

  private static IOException failure(@Nullable Throwable cause) {
    if (cause instanceof IOException failure) {
      return failure;
    }
    return new IOException(String.valueOf(cause), cause);
  }

  private static Problem problem(Reply response) {
    if (isProblem(response)) {
      try {
        Problem told = Json.mapper().readValue(response.body(), Problem.class);
        if (isWhole(told)) {
          return withStatus(told, response.status());
        }
      } catch (IOException e) {
        // told below as what it is: an answer that is not ours
      }
    }
    return new Problem(
        ApiProblem.FOREIGN,
        "the server answered " + response.status() + " in a form that qgjob does not know",
        response.status(),
        response.uri().toString(),
        null,
        "check that the URL is a qgjob server's",
        null);
  }

  @SuppressWarnings("ConstantValue") // Jackson leaves an absent component null
  private static boolean isWhole(@Nullable Problem told) {
    return told != null && told.type() != null && told.title() != null;
  }

  /** Whoever stands between may change the status; callers act on what came. */
  private static Problem withStatus(Problem told, int status) {
    return new Problem(
        told.type(),
        told.title(),
        status,
        told.detail(),
        told.field(),
        told.action(),
        told.correlationId());
  }

  private <T> Answer<T> keep(Reply response, Class<T> type) {
    try {
      T value =
          brief && type.isRecord()
              ? Records.read(response.body(), type)
              : Json.mapper().readValue(response.body(), type);
      if (value == null) {
        throw new JsonParseException(null, "null is no answer");
      }
      return new Answer<>(value, new String(response.body(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ApiProblem(
          new Problem(
              ApiProblem.FOREIGN,
              "the server's answer cannot be read",
              response.status(),
              response.uri() + " did not answer a " + type.getSimpleName(),
              null,
              "check that the URL is a qgjob server's",
              null));
    }
  }

  private static byte[] write(Object body) {
    try {
      return Json.mapper().writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be sent as JSON: " + body.getClass(), e);
    }
  }
}
