package dev.qgjob.simfarm.uiautomator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.simfarm.phone.TestPhone;
import dev.qgjob.simfarm.screen.Screens;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UiServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private TestPhone test;
  private UiServer server;
  private String session = "";

  @BeforeEach
  void open() throws IOException {
    Path screens =
        Files.writeString(
            folder.resolve("screens.json"),
            """
            {"packages": {"org.example": {"start": "one", "screens": {
              "one": {"title": "One", "nodes": [
                {"id": "name", "editable": true, "hint": "Name"},
                {"text": "Go", "tap": "two"}, {"text": "Off", "enabled": false, "tap": "two"}]},
              "two": {"nodes": [{"text": "Hello ${name}"}, {"text": "Die", "tap": "!crash"}]}}}}}
            """);
    test = new TestPhone(folder, Duration.ZERO, Screens.read(screens));
    test.push("/sdcard/a.apk", "org.example", 1, "one");
    test.run("pm install /sdcard/a.apk; am start -n org.example/.Main");
    server = new UiServer(test.phone);
    session =
        call("POST", "/session", "{\"capabilities\":{\"firstMatch\":[{}]}}")
            .path("value")
            .path("sessionId")
            .asText();
  }

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void typesTapsAndReads() throws IOException {
    String name = find("id", "name");
    assertThat(text(name)).isEqualTo("Name");
    command("POST", "/element/" + name + "/value", "{\"text\":\"Ada\"}");
    command("POST", "/element/" + find("-android uiautomator", "text(\"Go\")") + "/click", "{}");

    assertThat(text(find("-android uiautomator", "textContains(\"Hello\")")))
        .isEqualTo("Hello Ada");
  }

  @Test
  void anElementOfAnEarlierScreenIsStale() throws IOException {
    String name = find("id", "name");
    command("POST", "/element/" + find("xpath", "//*[@text='Go']") + "/click", "{}");

    assertThat(
            command("GET", "/element/" + name + "/text", "").path("value").path("error").asText())
        .isEqualTo("stale element reference");
  }

  @Test
  void aDisabledElementDoesNothing() throws IOException {
    String off = find("xpath", "//*[@text='Off']");
    command("POST", "/element/" + off + "/click", "{}");

    assertThat(text(off)).isEqualTo("Off");
    assertThat(command("GET", "/element/" + off + "/attribute/enabled", "").path("value").asText())
        .isEqualTo("false");
  }

  @Test
  void aTapAtAPlaceAndKeysDoTheSame() throws IOException {
    JsonNode rect = command("GET", "/element/" + find("id", "name") + "/rect", "").path("value");
    command(
        "POST",
        "/appium/gestures/click",
        "{\"offset\":{\"x\":%d,\"y\":%d}}"
            .formatted(rect.path("x").asInt() + 5, rect.path("y").asInt() + 5));
    command(
        "POST",
        "/actions",
        "{\"actions\":[{\"type\":\"key\",\"actions\":[{\"type\":\"keyDown\",\"value\":\"B\"},{\"type\":\"keyUp\",\"value\":\"B\"},{\"type\":\"keyDown\",\"value\":\"o\"}]}]}");

    assertThat(text(find("id", "name"))).isEqualTo("Bo");
  }

  @Test
  void anAppThatDiesLeavesTheLauncher() throws IOException {
    command("POST", "/element/" + find("xpath", "//*[@text='Go']") + "/click", "{}");
    command("POST", "/element/" + find("xpath", "//*[@text='Die']") + "/click", "{}");

    assertThat(test.phone.front()).isEmpty();
    assertThat(test.phone.processes()).isEmpty();
    assertThat(command("GET", "/source", "").path("value").asText())
        .contains("com.android.launcher3");
  }

  @Test
  void aScreenshotIsAPng() throws IOException {
    byte[] png =
        Base64.getDecoder().decode(command("GET", "/screenshot", "").path("value").asText());

    assertThat(png).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void mistakesAreTold() throws IOException {
    assertThat(call("GET", "/session/other/source", "").path("value").path("error").asText())
        .isEqualTo("invalid session id");
    assertThat(command("POST", "/nonsense", "{}").path("value").path("error").asText())
        .isEqualTo("unknown command");
    assertThat(
            command("POST", "/element", "{\"strategy\":\"id\",\"selector\":\"none\"}")
                .path("value")
                .path("error")
                .asText())
        .isEqualTo("no such element");
    assertThat(command("POST", "/elements", "{not json").path("value").path("error").asText())
        .isEqualTo("invalid argument");
  }

  @Test
  void deletedSessionsAreGone() throws IOException {
    assertThat(call("GET", "/sessions", "").path("value")).hasSize(1);
    command("DELETE", "", "");
    assertThat(call("GET", "/sessions", "").path("value")).isEmpty();
  }

  @Property(tries = 300)
  void anyBytesAreAnsweredOrRefusedButNeverACrash(@ForAll byte[] bytes) throws IOException {
    if (server == null) {
      open();
    }
    try {
      server.serve(new ByteArrayInputStream(bytes), new ByteArrayOutputStream());
    } catch (java.io.EOFException expected) {
      assertThat(expected).hasMessage("the request was broken off");
    }
  }

  private String find(String strategy, String selector) throws IOException {
    JsonNode body = JSON.createObjectNode().put("strategy", strategy).put("selector", selector);
    return command("POST", "/element", body.toString())
        .path("value")
        .path(UiCommands.ELEMENT)
        .asText();
  }

  private String text(String id) throws IOException {
    return command("GET", "/element/" + id + "/text", "").path("value").asText();
  }

  private JsonNode command(String method, String path, String body) throws IOException {
    return call(method, "/session/" + session + path, body);
  }

  private JsonNode call(String method, String path, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    server.serve(new ByteArrayInputStream((head + body).getBytes(StandardCharsets.UTF_8)), out);
    String answer = out.toString(StandardCharsets.UTF_8);
    return JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }
}
