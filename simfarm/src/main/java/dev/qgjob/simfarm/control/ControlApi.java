package dev.qgjob.simfarm.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.qgjob.simfarm.browserstack.BrowserStackReport;
import dev.qgjob.simfarm.browserstack.Faults;
import dev.qgjob.simfarm.device.SimulatedPhone;
import dev.qgjob.simfarm.http.JsonExchange;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The farm's HTTP API on loopback: {@code GET /phones}, {@code POST
 * /phones/{serial}/vanish|return|hang}, {@code POST /phones/{serial}/uninstall?package=P}, {@code
 * POST /phones/{serial}/clear?package=P}, {@code POST /phones/{serial}/condition?battery=4}, {@code
 * POST /phones/{serial}/reboot}, {@code POST /reset-counts}, and of the stand-in for BrowserStack
 * {@code GET /browserstack} and {@code POST /browserstack/fault?where=session&what=queue-full}. It
 * has no password; requests whose Host is not loopback are refused, so that no web page can reach
 * it through a name of its own.
 */
public final class ControlApi implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);

  private final HttpServer server;
  private final List<SimulatedPhone> phones;
  private final Supplier<FarmReport> report;
  private final Runnable onChange;
  private final Supplier<Optional<BrowserStackReport>> browserStack;
  private final Optional<Faults> faults;

  /**
   * Opens the API.
   *
   * @param port 0 for any free one
   * @param onChange told after a phone vanished or came back
   * @param browserStack what happened at the stand-in, if there is one
   * @param faults what the stand-in is told to do wrong, if there is one
   * @throws BindException if the port is taken; the message names it
   */
  public ControlApi(
      int port,
      List<SimulatedPhone> phones,
      Supplier<FarmReport> report,
      Runnable onChange,
      Supplier<Optional<BrowserStackReport>> browserStack,
      Optional<Faults> faults,
      Executor executor)
      throws IOException {
    this.phones = List.copyOf(phones);
    this.report = report;
    this.onChange = onChange;
    this.browserStack = browserStack;
    this.faults = faults;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (BindException e) {
      BindException taken =
          new BindException("port " + port + " is taken: choose another with --control-port");
      taken.initCause(e);
      throw taken;
    }
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where the API is. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!isLoopback(exchange)) {
        JsonExchange.fail(exchange, 403, "ask 127.0.0.1 or localhost");
        return;
      }
      route(exchange);
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      JsonExchange.fail(exchange, 500, e.toString());
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    List<String> parts =
        Arrays.stream(exchange.getRequestURI().getPath().split("/"))
            .filter(part -> !part.isEmpty())
            .toList();
    String method = exchange.getRequestMethod();
    if (method.equals("GET") && parts.equals(List.of("phones"))) {
      JsonExchange.answer(exchange, 200, report.get());
    } else if (method.equals("POST") && parts.equals(List.of("reset-counts"))) {
      phones.forEach(each -> each.phone().packages().resetCounts());
      JsonExchange.answer(exchange, 200, report.get());
    } else if (!parts.isEmpty() && parts.get(0).equals("browserstack")) {
      standIn(exchange, method, parts);
    } else if (parts.size() >= 2 && parts.get(0).equals("phones")) {
      Optional<SimulatedPhone> phone = find(parts.get(1));
      if (phone.isEmpty()) {
        JsonExchange.fail(exchange, 404, "no phone '" + parts.get(1) + "'; GET /phones lists them");
      } else if (method.equals("GET") && parts.size() == 2) {
        JsonExchange.answer(exchange, 200, PhoneReport.of(phone.get()));
      } else if (method.equals("POST") && parts.size() == 3) {
        trick(exchange, phone.get(), parts.get(2));
      } else {
        JsonExchange.fail(exchange, 404, "nothing here; see GET /phones");
      }
    } else {
      JsonExchange.fail(exchange, 404, "nothing here; see GET /phones");
    }
  }

  private void standIn(HttpExchange exchange, String method, List<String> parts)
      throws IOException {
    Optional<BrowserStackReport> report = browserStack.get();
    if (report.isEmpty() || faults.isEmpty()) {
      JsonExchange.fail(exchange, 404, "there is no stand-in; start one with --browserstack");
    } else if (method.equals("GET") && parts.size() == 1) {
      JsonExchange.answer(exchange, 200, report.get());
    } else if (method.equals("POST") && parts.equals(List.of("browserstack", "fault"))) {
      try {
        faults.get().order(JsonExchange.query(exchange));
        JsonExchange.answer(exchange, 200, report.get());
      } catch (IllegalArgumentException e) {
        JsonExchange.fail(exchange, 400, String.valueOf(e.getMessage()));
      }
    } else {
      JsonExchange.fail(exchange, 404, "nothing here; see GET /browserstack");
    }
  }

  private void trick(HttpExchange exchange, SimulatedPhone phone, String what) throws IOException {
    switch (what) {
      case "vanish" -> phone.vanish();
      case "return" -> {
        try {
          phone.comeBack();
        } catch (BindException e) {
          JsonExchange.fail(exchange, 409, String.valueOf(e.getMessage()));
          return;
        }
      }
      case "hang" -> phone.hang();
      case "uninstall", "clear" -> {
        String name = JsonExchange.query(exchange).getOrDefault("package", "");
        boolean done =
            what.equals("clear") ? phone.phone().clear(name) : phone.phone().uninstall(name);
        if (!done) {
          JsonExchange.fail(
              exchange, 404, "the phone has no package '" + name + "'; name one with ?package=");
          return;
        }
      }
      case "condition" -> {
        try {
          JsonExchange.query(exchange).forEach(phone.phone().condition()::set);
        } catch (IllegalArgumentException e) {
          JsonExchange.fail(exchange, 400, String.valueOf(e.getMessage()));
          return;
        }
      }
      case "reboot" -> phone.phone().reboot();
      default -> {
        JsonExchange.fail(
            exchange,
            404,
            "'" + what + "' is none of vanish, return, hang, reboot, condition, uninstall, clear");
        return;
      }
    }
    onChange.run();
    JsonExchange.answer(exchange, 200, PhoneReport.of(phone));
  }

  private Optional<SimulatedPhone> find(String name) {
    return phones.stream()
        .filter(
            each ->
                each.phone().identity().serial().equals(name)
                    || each.phone().identity().serialNumber().equals(name)
                    || Integer.toString(each.phone().identity().port()).equals(name))
        .findFirst();
  }

  private static boolean isLoopback(HttpExchange exchange) {
    String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host")).orElse("");
    return host.matches("(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?");
  }
}
