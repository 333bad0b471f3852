package dev.qgjob.worker.appium;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {
  private static final String TWO =
      """
      {"value": [
        {"id": "ours", "capabilities": {"udid": "emulator-5554"}},
        {"id": "theirs", "capabilities": {"udid": "emulator-5556"}}
      ]}
      """;

  @TempDir Path notes;

  /** Appium 3 has the list elsewhere than Appium 2. */
  @ParameterizedTest
  @ValueSource(strings = {"/sessions", "/appium/sessions"})
  void oneThatAKilledRunWasOpeningIsFoundByItsPhone(String list) throws Exception {
    List<String> ended = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean known = exchange.getRequestURI().getPath().equals(list);
          if (exchange.getRequestMethod().equals("DELETE")) {
            ended.add(exchange.getRequestURI().getPath());
          }
          byte[] answer =
              (known ? TWO : "{\"value\":{\"error\":\"unknown command\"}}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(known ? 200 : 404, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try {
      Files.writeString(notes.resolve("opening_77"), "");

      Sessions.endAll(
          notes,
          new AppiumServer.Address("127.0.0.1", server.getAddress().getPort()),
          "emulator-5554");

      assertThat(ended).containsExactly("/session/ours");
      assertThat(notes).isEmptyDirectory();
    } finally {
      server.stop(0);
    }
  }

  /** A client has a thread, which goes when somebody collects the garbage: idle workers do not. */
  @Test
  void howeverManyRunsEndTheyHaveOneClient() throws Exception {
    AppiumServer.Address nowhere = new AppiumServer.Address("127.0.0.1", Ports.free());
    long before = clients();
    for (int i = 0; i < 20; i++) {
      Files.writeString(notes.resolve("session-" + i), "");
      Sessions.endAll(notes, nowhere, "emulator-5554");
    }
    assertThat(clients() - before).isLessThanOrEqualTo(1);
  }

  private static long clients() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("HttpClient-.*SelectorManager"))
        .count();
  }
}
