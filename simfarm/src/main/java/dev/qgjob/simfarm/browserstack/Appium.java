package dev.qgjob.simfarm.browserstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qgjob.simfarm.phone.PhoneIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Appium behind the hub. Thread-safe. */
final class Appium {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONGEST_COMMAND = Duration.ofMinutes(5);

  private final URI base;
  private final Optional<Integer> adbPort;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  /**
   * An Appium that has the UiAutomator2 driver.
   *
   * @param adbPort port of the adb server that knows the phones, if it is not the usual one
   */
  Appium(URI base, Optional<Integer> adbPort) {
    this.base = base;
    this.adbPort = adbPort;
  }

  /** An answer. */
  @SuppressWarnings("ArrayRecordComponent") // read once and passed on
  record Answer(int status, byte[] body) {}

  /** Sends a command on, with the path after {@code /wd/hub}. */
  Answer send(String method, String path, byte[] body) throws IOException, InterruptedException {
    String root = base.toString().replaceFirst("/+$", "");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(root + path))
            .timeout(LONGEST_COMMAND)
            .header("Content-Type", "application/json; charset=utf-8")
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response.body());
  }

  /**
   * The request for a session on this phone: Appium's own capabilities are kept, BrowserStack's are
   * dropped, and what names the phone and the app is replaced.
   *
   * @param systemPort free on this host, one for each phone
   */
  byte[] newSession(
      JsonNode wanted,
      PhoneIdentity phone,
      UploadedApp app,
      List<UploadedApp> others,
      int systemPort)
      throws IOException {
    ObjectNode capabilities = JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> each : wanted.properties()) {
      if (each.getKey().startsWith("appium:")) {
        capabilities.set(each.getKey(), each.getValue());
      }
    }
    capabilities.put("platformName", "Android");
    capabilities.put("appium:automationName", "UiAutomator2");
    capabilities.put("appium:udid", phone.serial());
    capabilities.put("appium:app", app.file().toString());
    if (!others.isEmpty()) {
      ArrayNode files = JSON.createArrayNode();
      others.forEach(other -> files.add(other.file().toString()));
      // Appium's own capability of that name is a text, which may be such an array
      capabilities.put("appium:otherApps", files.toString());
    }
    capabilities.put("appium:systemPort", systemPort);
    adbPort.ifPresent(port -> capabilities.put("appium:adbPort", port));
    capabilities.remove("appium:deviceName");
    capabilities.remove("appium:platformVersion");
    ObjectNode body = JSON.createObjectNode();
    ObjectNode both = body.putObject("capabilities");
    both.set("alwaysMatch", capabilities);
    both.putArray("firstMatch").addObject();
    return JSON.writeValueAsBytes(body);
  }
}
