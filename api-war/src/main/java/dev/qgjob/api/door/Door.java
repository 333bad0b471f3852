package dev.qgjob.api.door;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.api.json.ApiJson;
import dev.qgjob.api.json.JsonReader;
import dev.qgjob.api.limit.Places;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.Problem;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.RequestBufferingHandler;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.xnio.channels.StreamSourceChannel;

/**
 * Looks after bodies. A small one gets a thread when it has come; a large one that is held in
 * memory needs a place, so that neither the memory nor the threads of all go to a few; and what
 * nobody reads any more, since the answer is sent, is not waited for long. Uploads are not held in
 * memory and have places of their own. Thread-safe.
 */
final class Door implements HttpHandler {
  /** Buffers of Undertow, 16 KiB each: what most requests have, and all that need no token. */
  private static final int SMALL_BUFFERS = 4;

  private static final long SMALL_BYTES = SMALL_BUFFERS * 16L << 10;

  /** Of the server's 96 threads; workers have as many of their own, for leases wait for nobody. */
  private static final int LARGE_OF_ONE = 4;

  private static final int LARGE_IN_ALL = 8;

  /** What comes of a body in memory is some times larger than the body. */
  private static final int KIB_OF_ONE = 12 << 10;

  private static final int KIB_IN_ALL = 24 << 10;

  private static final int UNREAD_IN_ALL = 8;
  private static final int RETRY_AFTER_S = 5;

  /** Large bodies that are held in memory at once. */
  private record Room(Places places, Places kibibytes) {
    Room() {
      this(new Places(LARGE_OF_ONE, LARGE_IN_ALL), new Places(KIB_OF_ONE, KIB_IN_ALL));
    }

    boolean take(String whose, int kib) {
      if (!places.take(whose)) {
        return false;
      }
      if (kibibytes.take(whose, kib)) {
        return true;
      }
      places.give(whose);
      return false;
    }

    void give(String whose, int kib) {
      kibibytes.give(whose, kib);
      places.give(whose);
    }
  }

  private final HttpHandler buffered;
  private final HttpHandler next;
  private final Room ofWorkers = new Room();
  private final Room ofOthers = new Room();
  private final Places unread = new Places(UNREAD_IN_ALL, UNREAD_IN_ALL);

  Door(HttpHandler next) {
    this.next = next;
    this.buffered = new RequestBufferingHandler(this::begun, SMALL_BUFFERS);
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    if (exchange.isRequestComplete()) {
      next.handleRequest(exchange);
      return;
    }
    exchange.addRequestWrapper((body, of) -> new UnreadBody(body.create(), of, unread));
    if (isLarge(exchange) && exchange.getRelativePath().endsWith("/workers/enrol")) {
      // the one that needs no token
      refuse(exchange, 413, "too-large", "the body is too large", "send the code and a name");
    } else {
      buffered.handleRequest(exchange);
    }
  }

  private static boolean isLarge(HttpServerExchange exchange) {
    long length = exchange.getRequestContentLength();
    return length < 0 || length > SMALL_BYTES;
  }

  /** A small body has come whole, and a large one so far that it needs a thread. */
  private void begun(HttpServerExchange exchange) throws Exception {
    if (isLarge(exchange) && !exchange.getRequestMethod().equals(Methods.PUT)) {
      large(exchange);
    } else {
      next.handleRequest(exchange);
    }
  }

  private void large(HttpServerExchange exchange) throws Exception {
    String path = exchange.getRelativePath();
    long length = exchange.getRequestContentLength();
    String whose = String.valueOf(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION));
    boolean ofWorker = path.contains("/workers/") || path.endsWith("/finish");
    Room room = ofWorker ? ofWorkers : ofOthers;
    int kib = (int) (Math.min(length < 0 ? Long.MAX_VALUE : length, JsonReader.LARGEST) >> 10);
    if (!room.take(whose, kib)) {
      dropBegun(exchange);
      exchange.getResponseHeaders().put(Headers.RETRY_AFTER, RETRY_AFTER_S);
      refuse(
          exchange,
          429,
          "too-many-large-requests",
          "too many large requests are under way",
          "try again in " + RETRY_AFTER_S + " s");
      return;
    }
    AtomicBoolean given = new AtomicBoolean();
    Runnable give =
        () -> {
          if (given.compareAndSet(false, true)) {
            room.give(whose, kib);
          }
        };
    exchange.addResponseCommitListener(answered -> give.run());
    exchange.addExchangeCompleteListener(
        (ended, others) -> {
          give.run();
          others.proceed();
        });
    next.handleRequest(exchange);
  }

  /** Undertow stumbles over a rest of which it has buffered the beginning. */
  private static void dropBegun(HttpServerExchange exchange) throws IOException {
    StreamSourceChannel body = exchange.getRequestChannel();
    ByteBuffer dropped = ByteBuffer.allocate(16 << 10);
    long most = SMALL_BYTES;
    for (int read = body.read(dropped); read > 0 && most > 0; read = body.read(dropped)) {
      most -= read;
      dropped.clear();
    }
  }

  private static void refuse(
      HttpServerExchange exchange, int status, String type, String title, String action)
      throws JsonProcessingException {
    exchange.setPersistent(false);
    exchange.setStatusCode(status);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, Paths.PROBLEM_JSON);
    Problem problem = new Problem(type, title, status, null, null, action, null);
    exchange.getResponseSender().send(ByteBuffer.wrap(ApiJson.mapper().writeValueAsBytes(problem)));
  }
}
