package dev.qgjob.worker.browserstack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.qgjob.protocol.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the processes of tests ask for the permit of each session, on loopback: {@code POST
 * /ID/take?pid=N} is answered with a permit's number, or with why there is none yet; {@code POST
 * /ID/opened?permit=N} and {@code POST /ID/ended?permit=N} tell what became of it. The id is the
 * run's own and cannot be guessed. There is no port before the first run. Thread-safe.
 */
public final class SessionGate implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How long a question is kept open. */
  private static final Duration POLL = Duration.ofSeconds(10);

  /** A job that has a slot is not held for a parallel any longer. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Parallels parallels;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Map<String, Pass> passes = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "session-gate");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable HttpServer server;

  /** The gate before these parallels. */
  public SessionGate(Parallels parallels) {
    this(parallels, PATIENCE, System::nanoTime);
  }

  SessionGate(Parallels parallels, Duration patience, LongSupplier nanoTime) {
    this.parallels = parallels;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /** Lets the sessions of one process of tests through, until it is closed. */
  public synchronized Pass open(Account account, String slotId) throws IOException {
    HttpServer here = server;
    if (here == null) {
      here = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      here.setExecutor(threads);
      here.createContext("/", this::answer);
      here.start();
      server = here;
    }
    String id = UUID.randomUUID().toString();
    Pass pass =
        new Pass(id, "http://127.0.0.1:" + here.getAddress().getPort() + "/" + id, account, slotId);
    passes.put(id, pass);
    return pass;
  }

  /** What one process of tests may do here. */
  public final class Pass implements AutoCloseable {
    private final String id;
    private final String url;
    private final Account account;
    private final String slotId;

    // guarded by this
    private final Map<Integer, Held> held = new HashMap<>();
    private int numbers;
    private boolean closed;
    private long waited;
    private @Nullable Long waitsSince;

    private record Held(Parallels.Grant grant, String pid) {}

    private Pass(String id, String url, Account account, String slotId) {
      this.id = id;
      this.url = url;
      this.account = account;
      this.slotId = slotId;
    }

    /** Where its sessions are asked for. */
    public String url() {
      return url;
    }

    /** For how long its tests have waited for a permit so far. */
    public synchronized Duration waited() {
      Long since = waitsSince;
      return Duration.ofNanos(waited + (since == null ? 0 : nanoTime.getAsLong() - since));
    }

    /**
     * Waits for the permit of a process that cannot ask for its sessions, one after the other; it
     * has it until this is closed.
     *
     * @throws CloudFault when there is none within half an hour
     */
    public void takeForAll() throws IOException, InterruptedException {
      long end = nanoTime.getAsLong() + patience.toNanos();
      String why = "";
      do {
        Parallels.Answer answer = parallels.take(account, slotId, POLL);
        if (answer instanceof Parallels.Answer.Yours yours) {
          synchronized (this) {
            held.put(++numbers, new Held(yours.grant(), ""));
          }
          threads.execute(() -> settle(yours.grant()));
          return;
        }
        why = ((Parallels.Answer.Wait) answer).why();
      } while (nanoTime.getAsLong() - end < 0);
      throw new CloudFault(FailureKind.INFRASTRUCTURE, none(why));
    }

    /** Nobody tells when its first session is open: the plan does. */
    private void settle(Parallels.Grant grant) {
      try {
        parallels.settleForAll(grant);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the worker ends
      }
    }

    private String none(String why) {
      return "no parallel of the BrowserStack account became free within "
          + patience.toMinutes()
          + " minutes: "
          + why;
    }

    /** The process has ended, and its sessions with it. */
    @Override
    public void close() {
      passes.remove(id);
      List<Held> left;
      synchronized (this) {
        closed = true;
        left = List.copyOf(held.values());
        held.clear();
        waitsNoMore();
      }
      left.forEach(one -> one.grant().end());
    }

    private void waitsNoMore() {
      Long since = waitsSince;
      if (since != null) {
        waited += nanoTime.getAsLong() - since;
        waitsSince = null;
      }
    }

    private void take(HttpExchange exchange, String pid) throws IOException, InterruptedException {
      boolean over;
      synchronized (this) {
        // Playwright has replaced the process that had them
        held.values()
            .removeIf(
                one -> {
                  boolean gone = !one.pid().equals(pid);
                  if (gone) {
                    one.grant().end();
                  }
                  return gone;
                });
        if (waitsSince == null) {
          waitsSince = nanoTime.getAsLong();
        }
        over = nanoTime.getAsLong() - waitsSince > patience.toNanos();
      }
      Parallels.Answer answer;
      try {
        answer = parallels.take(account, slotId, over ? Duration.ZERO : POLL);
      } catch (CloudFault e) {
        refuse(exchange, String.valueOf(e.getMessage()));
        return;
      }
      if (answer instanceof Parallels.Answer.Wait wait) {
        if (over) {
          refuse(exchange, none(wait.why()));
        } else {
          say(exchange, 202, Map.of("waits", wait.why()));
        }
        return;
      }
      Parallels.Grant grant = ((Parallels.Answer.Yours) answer).grant();
      try {
        hand(exchange, grant, pid);
      } finally {
        parallels.settle(grant);
      }
    }

    private void hand(HttpExchange exchange, Parallels.Grant grant, String pid) throws IOException {
      int number;
      synchronized (this) {
        waitsNoMore();
        number = ++numbers;
        if (closed) {
          grant.end();
        } else {
          held.put(number, new Held(grant, pid));
        }
      }
      try {
        say(exchange, 200, Map.of("permit", number));
      } catch (IOException e) {
        ended(number); // nobody is there to use it
        throw e;
      }
    }

    private void refuse(HttpExchange exchange, String why) throws IOException {
      synchronized (this) {
        waitsNoMore();
      }
      say(exchange, 503, Map.of("error", why));
    }

    private synchronized void opened(int number) {
      Held one = held.get(number);
      if (one != null) {
        one.grant().opened();
      }
    }

    private synchronized void ended(int number) {
      Held one = held.remove(number);
      if (one != null) {
        one.grant().end();
      }
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/", -1);
      Pass pass = path.length == 3 ? passes.get(path[1]) : null;
      if (pass == null || !exchange.getRequestMethod().equals("POST")) {
        say(exchange, 404, Map.of("error", "no such run"));
        return;
      }
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      String number = query.replaceFirst("^(permit|pid)=", "");
      if (!number.matches("\\d{1,9}")) {
        say(exchange, 400, Map.of("error", "name the permit or the process"));
        return;
      }
      switch (path[2]) {
        case "take" -> pass.take(exchange, number);
        case "opened" -> {
          pass.opened(Integer.parseInt(number));
          say(exchange, 200, Map.of());
        }
        case "ended" -> {
          pass.ended(Integer.parseInt(number));
          say(exchange, 200, Map.of());
        }
        default -> say(exchange, 404, Map.of("error", "take, opened or ended"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the worker ends
    }
  }

  private static void say(HttpExchange exchange, int status, Map<String, ?> answer)
      throws IOException {
    byte[] body = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public synchronized void close() {
    HttpServer here = server;
    if (here != null) {
      here.stop(0);
    }
    threads.shutdownNow();
  }
}
