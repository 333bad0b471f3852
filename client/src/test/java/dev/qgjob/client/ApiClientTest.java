package dev.qgjob.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.access.CreateOrg;
import dev.qgjob.protocol.access.Identity;
import dev.qgjob.protocol.access.OrgView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiClientTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Map<String, String> heard = new ConcurrentHashMap<>();
  private HttpServer server;
  private int status = 200;
  private String type = "application/json";
  private String answer = "{}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    heard.put("request", exchange.getRequestMethod() + " " + exchange.getRequestURI());
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> heard.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
    heard.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private URI url(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private ApiClient client() {
    return new ApiClient(url(""), "secret", SOON);
  }

  @Test
  void sendsTheTokenAndReadsTheAnswer() {
    answer = "{\"role\":\"submitter\",\"org_id\":\"qualgent\"}";

    assertThat(client().get("/me", Identity.class))
        .isEqualTo(new Identity(Role.SUBMITTER, "qualgent", null));
    assertThat(heard)
        .containsEntry("request", "GET /api/v1/me")
        .containsEntry("authorization", "Bearer secret");
  }

  @Test
  void keepsTheAnswersOwnText() {
    answer = "{ \"role\": \"admin\", \"since\": 2031 }";

    assertThat(client().ask("/me", Identity.class).json()).isEqualTo(answer);
  }

  @Test
  void postsJsonWithHeaders() {
    status = 201;
    answer = "{\"org_id\":\"qualgent\",\"name\":\"Q\",\"created_at\":\"2026-01-01T00:00:00Z\"}";

    client().post("/orgs", new CreateOrg("qualgent", null), OrgView.class, Map.of("X-K", "v"));

    assertThat(heard)
        .containsEntry("request", "POST /api/v1/orgs")
        .containsEntry("content-type", "application/json")
        .containsEntry("x-k", "v")
        .containsEntry("body", "{\"org_id\":\"qualgent\"}");
  }

  @Test
  void aServerMayLiveBelowAPath() {
    answer = "{\"role\":\"admin\"}";

    new ApiClient(url("/qgjob/"), "secret", SOON).get("/me", Identity.class);

    assertThat(heard).containsEntry("request", "GET /qgjob/api/v1/me");
  }

  @Test
  void aProblemSaysWhatToDo() {
    status = 422;
    type = Paths.PROBLEM_JSON + ";charset=utf-8";
    answer =
        "{\"type\":\"unknown-job\",\"title\":\"there is no such job\",\"status\":422,"
            + "\"detail\":\"abc\",\"action\":\"look at qgjob list\"}";

    assertThatThrownBy(() -> client().get("/jobs/abc", Identity.class))
        .hasMessage("there is no such job: abc (look at qgjob list)")
        .asInstanceOf(type(ApiProblem.class))
        .returns(422, ApiProblem::status)
        .returns(false, ApiProblem::passing);
  }

  @Test
  void aProblemThatSaysNothingIsToldAsSuch() {
    status = 503;
    type = Paths.PROBLEM_JSON;
    for (String odd : new String[] {"{}", "null", "[]", "{\"title\":null}", "{\"type\":\"x\"}"}) {
      answer = odd;
      assertThatThrownBy(() -> client().get("/me", Identity.class))
          .as(odd)
          .asInstanceOf(type(ApiProblem.class))
          .returns(503, ApiProblem::status);
    }
  }

  @Test
  void theStatusIsTheOneThatCame() {
    status = 503;
    type = Paths.PROBLEM_JSON;
    answer = "{\"type\":\"x\",\"title\":\"t\",\"status\":200}";

    assertThatThrownBy(() -> client().get("/me", Identity.class))
        .asInstanceOf(type(ApiProblem.class))
        .returns(503, ApiProblem::status);
  }

  @Test
  void anErrorPageOfSomethingElseIsToldAsSuch() {
    status = 502;
    type = "text/html";
    answer = "<html>Bad gateway</html>";

    assertThatThrownBy(() -> client().get("/me", Identity.class))
        .hasMessageContaining("502")
        .hasMessageContaining("check that the URL is a qgjob server's")
        .asInstanceOf(type(ApiProblem.class))
        .returns(true, ApiProblem::passing);
  }

  @Test
  void anAnswerOfAnotherKindIsToldAsSuch() {
    for (String odd : new String[] {"<html>hello</html>", "null", "[]"}) {
      answer = odd;
      assertThatThrownBy(() -> client().get("/me", Identity.class))
          .as(odd)
          .isInstanceOf(ApiProblem.class)
          .hasMessageContaining("cannot be read");
    }
  }

  @Test
  void noAnswerIsUnreachable() {
    server.stop(0);

    assertThatThrownBy(() -> client().get("/me", Identity.class))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("no answer from http://localhost:");
  }

  @Test
  void putsAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("blob"), "bytes");
    status = 201;
    answer = "";

    client().put("/blobs/abc", file, "application/octet-stream", Map.of());

    assertThat(heard)
        .containsEntry("request", "PUT /api/v1/blobs/abc")
        .containsEntry("content-type", "application/octet-stream")
        .containsEntry("body", "bytes");
  }

  @Test
  void anUploadGoesOnWhereItWasCutOff(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("blob"), "a".repeat(1_000_000) + "the rest");
    answer = "{\"received\": 1000004}";

    client().upload("abc", file);

    assertThat(heard)
        .containsEntry("request", "PUT /api/v1/blobs/abc")
        .containsEntry("qgjob-upload-offset", "1000004")
        .containsEntry("content-length", "4")
        .containsEntry("body", "rest");
  }

  @Test
  void aSmallUploadIsNotAskedAbout(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("blob"), "bytes");
    answer = "{\"received\": 2}";

    client().upload("abc", file);

    assertThat(heard).containsEntry("body", "bytes").doesNotContainKey("qgjob-upload-offset");
  }

  @Test
  void aDownloadAppearsOnlyWhole(@TempDir Path folder) throws IOException {
    answer = "bytes";
    client().download("/blobs/abc", folder.resolve("whole"));
    assertThat(folder.resolve("whole")).hasContent("bytes");

    status = 404;
    assertThatThrownBy(() -> client().download("/blobs/abc", folder.resolve("none")))
        .isInstanceOf(ApiProblem.class);
    assertThat(folder.toFile().list()).containsExactly("whole");
  }

  @Test
  void neverSendsATokenInTheClear() {
    assertThatThrownBy(() -> new ApiClient(URI.create("http://192.0.2.1"), "secret", SOON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("plain HTTP");
    assertThatThrownBy(() -> new ApiClient(URI.create("localhost:8080"), null, SOON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a server URL");
  }
}
