package dev.qgjob.worker.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * {@code GET /metrics} on loopback, in Prometheus' text format. It tells counts and slots' names,
 * and nothing of jobs, apps or secrets. Answers in a thread of its own, which it has only while
 * somebody asks.
 */
public final class Metrics implements AutoCloseable {
  private final HttpServer server;
  private final Ward ward;

  /**
   * Opens the endpoint.
   *
   * @param port 0 for any free one
   * @throws IOException when the port is taken
   */
  public Metrics(Ward ward, int port) throws IOException {
    this.ward = ward;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/metrics", this::answer);
    server.start();
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    out.append("# TYPE qgjob_worker_attempts_total counter\n");
    ward.tally()
        .attempts()
        .forEach(
            (ended, count) ->
                out.append("qgjob_worker_attempts_total{ended=\"")
                    .append(ended)
                    .append("\"} ")
                    .append(count)
                    .append('\n'));
    counter(out, "qgjob_worker_installs_total", ward.tally().installs());
    counter(out, "qgjob_worker_stock_installs_total", ward.tally().stockInstalls());
    counter(out, "qgjob_worker_uninstalls_total", ward.tally().uninstalls());
    counter(out, "qgjob_worker_host_events_total", ward.hostEvents());
    Map<String, String> withheld = ward.withheld();
    out.append("# TYPE qgjob_worker_slot_withheld gauge\n");
    withheld
        .keySet()
        .forEach(
            slot ->
                out.append("qgjob_worker_slot_withheld{slot=\"")
                    .append(slot.replaceAll("[\"\\\\\\n]", "_"))
                    .append("\"} 1\n"));
    return out.toString();
  }

  private static void counter(StringBuilder out, String name, long value) {
    out.append("# TYPE ").append(name).append(" counter\n");
    out.append(name).append(' ').append(value).append('\n');
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
