package dev.qgjob.simfarm.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON answers on the JDK's HTTP server. Stateless. */
public final class JsonExchange {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonExchange() {}

  /** Answers with the value as JSON and ends the exchange. */
  public static void answer(HttpExchange exchange, int status, @Nullable Object value)
      throws IOException {
    byte[] body = JSON.writeValueAsBytes(value);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Answers with {@code {"error": message}} and ends the exchange. */
  public static void fail(HttpExchange exchange, int status, String message) throws IOException {
    answer(exchange, status, Map.of("error", message));
  }

  /** The query's parameters; of a repeated one the last. */
  public static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> parameters = new LinkedHashMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.put(decode(name), decode(value));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
