package dev.qgjob.simfarm.uiautomator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.simfarm.http.WireRequest;
import dev.qgjob.simfarm.phone.Phone;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server that Appium's driver finds on port 6790 of the phone. Thread-safe. */
public final class UiServer {
  private static final Logger LOG = LoggerFactory.getLogger(UiServer.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Phone phone;
  private final UiCommands commands;
  private final Map<String, JsonNode> sessions = new ConcurrentHashMap<>();

  /** The server of this phone. */
  public UiServer(Phone phone) {
    this.phone = phone;
    this.commands = new UiCommands(phone);
  }

  /** Answers requests until the peer ends the connection or sends something that is no request. */
  public void serve(InputStream in, OutputStream out) throws IOException {
    try {
      for (Optional<WireRequest> request = WireRequest.read(in);
          request.isPresent();
          request = WireRequest.read(in)) {
        answer(request.get(), out);
      }
    } catch (WireRequest.BadRequestException e) {
      write(out, e.status(), failure("invalid argument", String.valueOf(e.getMessage()), ""));
    }
  }

  private void answer(WireRequest request, OutputStream out) throws IOException {
    String path = request.path().split("\\?", 2)[0].replaceFirst("^/wd/hub", "");
    List<String> parts = Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
    String session = parts.size() > 1 && parts.get(0).equals("session") ? parts.get(1) : "";
    try {
      JsonNode body =
          request.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(request.body());
      Object value = route(request.method(), parts, session, body);
      Map<String, @Nullable Object> answer = new HashMap<>();
      answer.put("sessionId", session.isEmpty() ? null : session);
      answer.put("value", value);
      write(out, 200, JSON.writeValueAsBytes(answer));
    } catch (JsonProcessingException e) {
      write(out, 400, failure("invalid argument", "the body is not JSON", session));
    } catch (WebDriverException e) {
      write(out, e.status(), failure(e.error(), String.valueOf(e.getMessage()), session));
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", request.method(), request.path(), e);
      write(out, 500, failure("unknown error", e.toString(), session));
    }
  }

  private @Nullable Object route(String method, List<String> parts, String session, JsonNode body)
      throws WebDriverException {
    String command = method + " " + String.join("/", parts);
    switch (command) {
      case "GET status" -> {
        return Map.of("ready", true, "message", "UiAutomator2 Server is ready to accept commands");
      }
      case "GET sessions" -> {
        return sessions.entrySet().stream()
            .map(each -> Map.of("id", each.getKey(), "capabilities", each.getValue()))
            .toList();
      }
      case "POST session" -> {
        String id = UUID.randomUUID().toString();
        sessions.clear();
        sessions.put(id, body.path("capabilities").path("firstMatch").path(0));
        return Map.of("sessionId", id, "capabilities", sessions.getOrDefault(id, body));
      }
      default -> {
        JsonNode capabilities = sessions.get(session);
        if (capabilities == null) {
          throw WebDriverException.noSuchSession(
              session.isEmpty() ? "unknown path " + command : "no session " + session);
        }
        if (parts.size() == 2) {
          if (method.equals("DELETE")) {
            sessions.remove(session);
            return null;
          }
          return capabilities;
        }
        String rest = String.join("/", parts.subList(2, parts.size()));
        return rest.startsWith("element/") && parts.size() > 4
            ? element(method, parts.get(3), parts.subList(4, parts.size()), body)
            : command(method + " " + rest, body);
      }
    }
  }

  private @Nullable Object element(String method, String id, List<String> rest, JsonNode body)
      throws WebDriverException {
    switch (method + " " + rest.get(0)) {
      case "POST click" -> commands.click(id);
      case "POST clear" -> commands.clear(id);
      case "POST value" -> commands.setValue(id, body);
      case "GET text" -> {
        return commands.text(id);
      }
      case "GET name" -> {
        return commands.tagName(id);
      }
      case "GET attribute" -> {
        return commands.attribute(id, rest.size() > 1 ? rest.get(1) : "");
      }
      case "GET displayed" -> {
        return Boolean.parseBoolean(commands.attribute(id, "displayed"));
      }
      case "GET enabled" -> {
        return Boolean.parseBoolean(commands.attribute(id, "enabled"));
      }
      case "GET selected" -> {
        return Boolean.parseBoolean(commands.attribute(id, "selected"));
      }
      case "GET rect", "GET location", "GET size" -> {
        return commands.rect(id);
      }
      case "GET screenshot" -> {
        return commands.screenshot(id);
      }
      default -> throw unknown(method + " element/{id}/" + String.join("/", rest));
    }
    return null;
  }

  private @Nullable Object command(String command, JsonNode body) throws WebDriverException {
    switch (command) {
      case "POST element" -> {
        return commands.findOne(body);
      }
      case "POST elements" -> {
        return commands.findAll(body);
      }
      case "GET element/active" -> {
        return commands.active();
      }
      case "GET source" -> {
        return commands.source();
      }
      case "GET screenshot" -> {
        return commands.screenshot();
      }
      case "GET window/rect", "GET window/current/size", "GET window/size" -> {
        return commands.windowSize();
      }
      case "GET orientation" -> {
        return "PORTRAIT";
      }
      case "GET rotation" -> {
        return Map.of("x", 0, "y", 0, "z", 0);
      }
      case "GET appium/device/info" -> {
        return commands.deviceInfo();
      }
      case "GET appium/device/system_bars" -> {
        return commands.systemBars();
      }
      case "GET appium/device/pixel_ratio" -> {
        return commands.pixelRatio();
      }
      case "GET appium/device/display_density" -> {
        return dev.qgjob.simfarm.phone.PhoneIdentity.DENSITY;
      }
      case "GET appium/device/battery_info" -> {
        return commands.battery();
      }
      case "GET appium/device/current_package" -> {
        return commands.currentPackage();
      }
      case "POST appium/device/get_clipboard" -> {
        return commands.clipboard();
      }
      case "GET appium/settings" -> {
        return commands.settings();
      }
      case "GET timeouts" -> {
        return Map.of("implicit", 0, "command", 0);
      }
      case "GET alert/text" ->
          throw WebDriverException.noSuchElement("no alert of the system is open");
      case "POST appium/device/set_clipboard" -> commands.clipboard(body);
      case "POST appium/settings" -> commands.settings(body);
      case "POST back" -> commands.back();
      case "POST appium/device/press_keycode", "POST appium/device/long_press_keycode" ->
          commands.pressKey(body);
      case "POST keys" -> commands.keys(body);
      case "POST actions" -> commands.actions(body);
      case "POST appium/gestures/click",
          "POST appium/gestures/long_click",
          "POST appium/gestures/double_click" ->
          commands.clickGesture(body);
      case "POST appium/gestures/scroll", "POST appium/gestures/fling" -> {
        return false;
      }
      case "DELETE actions",
          "POST timeouts",
          "POST orientation",
          "POST rotation",
          "POST appium/gestures/swipe",
          "POST appium/gestures/drag",
          "POST appium/gestures/pinch_open",
          "POST appium/gestures/pinch_close",
          "POST appium/gestures/scroll_to",
          "POST touch/scroll",
          "POST touch/flick",
          "POST touch/perform",
          "POST appium/device/open_notifications" -> {
        return null;
      }
      default -> throw unknown(command);
    }
    return null;
  }

  private WebDriverException unknown(String command) {
    LOG.warn("{}: the UiAutomator2 server does not know {}", phone.identity().serial(), command);
    return WebDriverException.unknownCommand(command + " is not simulated");
  }

  private static byte[] failure(String error, String message, String session) throws IOException {
    Map<String, @Nullable Object> answer = new HashMap<>();
    answer.put("sessionId", session.isEmpty() ? null : session);
    answer.put("value", Map.of("error", error, "message", message, "stacktrace", ""));
    return JSON.writeValueAsBytes(answer);
  }

  private static void write(OutputStream out, int status, byte[] body) throws IOException {
    byte[] head =
        ("HTTP/1.1 "
                + status
                + (status == 200 ? " OK" : " Error")
                + "\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    out.write(all);
    out.flush();
  }
}
