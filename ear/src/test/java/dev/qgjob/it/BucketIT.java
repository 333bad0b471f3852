package dev.qgjob.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The distribution with uploads in a bucket, at a server that speaks S3. */
@DisabledIfSystemProperty(
    named = "qgjob.test.configuration",
    matches = "qgjob-own-broker.xml",
    disabledReason = "neither database nor broker matters here: once is enough")
class BucketIT {
  private static final String SCRIPT =
      ServerUnderTest.property("qgjob.test.server") + "/bin/qgjob-server";
  private static final String BUCKET_SCRIPT =
      Path.of(ServerUnderTest.property("qgjob.test.server"))
          .resolve("../../../tools/bucket")
          .normalize()
          .toString();

  @TempDir Path folder;
  private Process bucket;
  private String endpoint;

  @BeforeEach
  void startBucket() throws IOException {
    startBucket("0");
  }

  private void startBucket(String port) throws IOException {
    bucket =
        new ProcessBuilder("bash", BUCKET_SCRIPT, port, folder.resolve("buckets").toString())
            .redirectError(folder.resolve("bucket.log").toFile())
            .start();
    BufferedReader said = bucket.inputReader(UTF_8);
    String ready = said.readLine();
    assertThat(ready)
        .as(Files.readString(folder.resolve("bucket.log")))
        .startsWith("ready on port");
    endpoint = "http://127.0.0.1:" + ready.replaceAll("\\D", "");
  }

  @AfterEach
  void stop() throws Exception {
    script(Map.of(), "stop", "--home", home());
    endBucket();
  }

  private void endBucket() {
    bucket.destroyForcibly();
    bucket.onExit().join();
  }

  private String home() {
    return folder.resolve("server").toString();
  }

  private Run start(Map<String, String> more) throws Exception {
    return script(
        more,
        "start",
        "--wait",
        "--home",
        home(),
        "--http-port",
        "0",
        "--broker-port",
        "0",
        "--management-port",
        "0");
  }

  private Run script(Map<String, String> more, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder script =
        new ProcessBuilder("bash", SCRIPT)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    script.command().addAll(List.of(arguments));
    script
        .environment()
        .putAll(
            Map.of(
                "QGJOB_BLOBS", "s3://qgjob/it",
                "QGJOB_S3_ENDPOINT", endpoint,
                "QGJOB_S3_ACCESS_KEY", "access",
                "QGJOB_S3_SECRET_KEY", "the-secret"));
    script.environment().putAll(new HashMap<>(more));
    return new Run(script.start().waitFor(), Files.readString(output));
  }

  @Test
  void whatIsUploadedLiesInTheBucketAndIsServedFromThere() throws Exception {
    Run server = start(Map.of());
    assertThat(server.exit).as(server.output).isZero();
    String admin = Files.readString(folder.resolve("server/bootstrap-token")).strip();
    String org = "{\"org_id\":\"acme\",\"name\":\"Acme\"}";
    assertThat(send(server, admin, "POST", "/orgs", org).statusCode()).isEqualTo(201);
    String asked = "{\"name\":\"ci\",\"role\":\"submitter\"}";
    String token = member(send(server, admin, "POST", "/orgs/acme/tokens", asked).body(), "token");
    String app = "the app";
    String sha =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(app.getBytes(UTF_8)));

    assertThat(send(server, token, "PUT", "/blobs/" + sha, app).statusCode()).isEqualTo(201);

    Path object = folder.resolve("buckets/qgjob/it").resolve(sha.substring(0, 2)).resolve(sha);
    assertThat(object).hasContent(app);
    assertThat(folder.resolve("server/blobs")).doesNotExist();
    assertThat(send(server, token, "GET", "/blobs/" + sha, "").body()).isEqualTo(app);

    endBucket();
    HttpResponse<String> away = send(server, token, "GET", "/blobs/" + sha, "");
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(away.headers().firstValue("Retry-After")).contains("5");
    assertThat(member(away.body(), "type")).isEqualTo("blobs-away");
    startBucket(endpoint.replaceAll(".*:", ""));
    assertThat(send(server, token, "GET", "/blobs/" + sha, "").body()).isEqualTo(app);
    assertThat(Files.readString(folder.resolve("server/log/server.log")))
        .contains("s3://qgjob/it/ at " + endpoint + " does not answer: java.net.ConnectException")
        .doesNotContain("the-secret");
  }

  @Test
  void aServerWithAWrongKeyOrBucketSaysWhatToCorrectAndDoesNotStart() throws Exception {
    Run run = start(Map.of("QGJOB_S3_SECRET_KEY", ""));
    assertThat(run.exit).isEqualTo(2);
    assertThat(run.output.strip())
        .isEqualTo(
            "qgjob-server: QGJOB_BLOBS is a bucket and QGJOB_S3_SECRET_KEY is not set: give the key"
                + " with which the server may use it");

    run = start(Map.of("QGJOB_S3_SECRET_KEY", "another"));
    assertThat(run.exit).isEqualTo(1);
    assertThat(run.output.lines())
        .as(run.output)
        .anyMatch(
            line ->
                line.endsWith(
                    "s3://qgjob/it/ at %s answers 403 SignatureDoesNotMatch: correct QGJOB_S3_SECRET_KEY"
                        .formatted(endpoint)));
    assertThat(processes()).as("left behind").isEmpty();
  }

  /** Of this test's home. */
  private List<String> processes() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(home() + " "))
        .map(process -> process.pid() + " " + process.info().commandLine().orElse(""))
        .toList();
  }

  private static HttpResponse<String> send(
      Run server, String token, String method, String path, String body) {
    return ServerUnderTest.exchange(
        HttpRequest.newBuilder(URI.create(member(server.output, "url") + "/api/v1" + path))
            .header("Authorization", "Bearer " + token)
            .header(
                "Content-Type",
                method.equals("PUT") ? "application/octet-stream" : "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static String member(String json, String name) {
    var matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
    assertThat(matcher.find()).as(json).isTrue();
    return matcher.group(1);
  }

  private record Run(int exit, String output) {}
}
