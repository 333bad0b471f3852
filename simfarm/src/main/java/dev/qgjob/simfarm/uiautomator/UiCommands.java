package dev.qgjob.simfarm.uiautomator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.simfarm.phone.Phone;
import dev.qgjob.simfarm.phone.PhoneIdentity;
import dev.qgjob.simfarm.screen.Page;
import dev.qgjob.simfarm.screen.Painter;
import dev.qgjob.simfarm.screen.RunningApp;
import dev.qgjob.simfarm.screen.RunningApp.NodeKey;
import java.awt.Rectangle;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.w3c.dom.Element;

/** What the commands of a UiAutomator2 session do to the phone. Thread-safe. */
final class UiCommands {
  /** W3C's name of an element reference. */
  static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

  private static final int STATUS_BAR = 63;

  private final Phone phone;
  private final Elements elements;
  private final Keyboard keyboard;
  private final Map<String, Object> settings = new ConcurrentHashMap<>();

  UiCommands(Phone phone) {
    this.phone = phone;
    this.elements = new Elements(phone);
    this.keyboard = new Keyboard(phone);
  }

  Object findOne(JsonNode body) throws WebDriverException {
    List<Object> found = findAll(body);
    if (found.isEmpty()) {
      throw WebDriverException.noSuchElement(
          "An element could not be located on the page using the given search parameters");
    }
    return found.get(0);
  }

  List<Object> findAll(JsonNode body) throws WebDriverException {
    String strategy = body.path("strategy").asText(body.path("using").asText());
    String selector = body.path("selector").asText(body.path("value").asText());
    String context = body.path("context").asText();
    String screen = phone.screenId();
    Page page = phone.page();
    Optional<Element> within = Optional.empty();
    if (!context.isEmpty()) {
      Elements.OnPage root = elements.get(context);
      page = root.page();
      within = Optional.of(root.element());
    }
    return Finder.find(page, strategy, selector, within).stream()
        .map(element -> reference(elements.idOf(screen, element)))
        .toList();
  }

  void click(String id) throws WebDriverException {
    tap(elements.get(id).element());
  }

  void setValue(String id, JsonNode body) throws WebDriverException {
    String text = body.path("text").isTextual() ? body.path("text").asText() : joined(body);
    Element element = elements.get(id).element();
    NodeKey node = editable(element);
    boolean replace = body.path("replace").asBoolean(false);
    phone.act(
        app -> {
          app.type(node, replace ? text : app.textOf(node) + text);
          return RunningApp.Outcome.GOES_ON;
        });
  }

  void clear(String id) throws WebDriverException {
    NodeKey node = editable(elements.get(id).element());
    phone.act(
        app -> {
          app.type(node, "");
          return RunningApp.Outcome.GOES_ON;
        });
  }

  String text(String id) throws WebDriverException {
    return elements.get(id).element().getAttribute("text");
  }

  @org.jspecify.annotations.Nullable
  String attribute(String id, String name) throws WebDriverException {
    Element element = elements.get(id).element();
    String attribute =
        switch (name) {
          case "contentDescription", "content-desc" -> "content-desc";
          case "className", "class" -> "class";
          case "resourceId", "resource-id" -> "resource-id";
          case "name" -> element.getAttribute("content-desc").isEmpty() ? "text" : "content-desc";
          case "longClickable" -> "long-clickable";
          default -> name;
        };
    if (!element.hasAttribute(attribute) && !attribute.equals("hint")) {
      throw WebDriverException.unknownCommand(
          "'" + name + "' attribute is unknown for the element");
    }
    return element.hasAttribute(attribute) ? element.getAttribute(attribute) : null;
  }

  String tagName(String id) throws WebDriverException {
    return elements.get(id).element().getAttribute("class");
  }

  Map<String, Object> rect(String id) throws WebDriverException {
    Rectangle bounds = Page.bounds(elements.get(id).element());
    return Map.of("x", bounds.x, "y", bounds.y, "width", bounds.width, "height", bounds.height);
  }

  Object active() throws WebDriverException {
    Optional<NodeKey> focus = phone.ask(RunningApp::focus).flatMap(found -> found);
    if (focus.isEmpty()) {
      throw WebDriverException.noSuchElement("No element has the focus");
    }
    Element element =
        phone.page().find(focus.get().toString()).orElseThrow(WebDriverException::stale);
    return reference(elements.idOf(phone.screenId(), element));
  }

  String source() {
    return phone.page().xml();
  }

  String screenshot() {
    return Base64.getEncoder().encodeToString(Painter.png(phone.page()));
  }

  String screenshot(String id) throws WebDriverException {
    Elements.OnPage found = elements.get(id);
    return Base64.getEncoder().encodeToString(Painter.png(found.page(), found.element()));
  }

  void back() {
    phone.act(RunningApp::back);
  }

  void pressKey(JsonNode body) {
    keyboard.press(body.path("keycode").asInt());
  }

  void keys(JsonNode body) {
    keyboard.type(body.path("text").isTextual() ? body.path("text").asText() : joined(body));
  }

  /** A tap at an element, at a point, or at a point of an element. */
  void clickGesture(JsonNode body) throws WebDriverException {
    String origin = origin(body.path("origin"));
    JsonNode offset = body.path("offset");
    if (!origin.isEmpty() && !offset.has("x")) {
      click(origin);
      return;
    }
    int x = (int) Math.round(offset.path("x").asDouble());
    int y = (int) Math.round(offset.path("y").asDouble());
    if (!origin.isEmpty()) {
      Rectangle bounds = Page.bounds(elements.get(origin).element());
      x += bounds.x;
      y += bounds.y;
    }
    tapAt(x, y);
  }

  /** W3C actions: a finger that goes down and up at one place taps; keys that go down are typed. */
  void actions(JsonNode body) throws WebDriverException {
    for (JsonNode source : body.path("actions")) {
      switch (source.path("type").asText()) {
        case "pointer" -> pointer(source.path("actions"));
        case "key" -> {
          for (JsonNode action : source.path("actions")) {
            if (action.path("type").asText().equals("keyDown")) {
              keyboard.type(action.path("value").asText());
            }
          }
        }
        default -> {
          // a pause takes no time on a simulated phone, and a wheel has nothing to scroll
        }
      }
    }
  }

  Map<String, Object> windowSize() {
    return Map.of("x", 0, "y", 0, "width", PhoneIdentity.WIDTH, "height", PhoneIdentity.HEIGHT);
  }

  Map<String, Object> systemBars() {
    return Map.of("statusBar", STATUS_BAR);
  }

  double pixelRatio() {
    return PhoneIdentity.DENSITY / 160.0;
  }

  Map<String, Object> deviceInfo() {
    PhoneIdentity identity = phone.identity();
    return Map.ofEntries(
        Map.entry("androidId", identity.serialNumber()),
        Map.entry("manufacturer", identity.manufacturer()),
        Map.entry("model", identity.model()),
        Map.entry("brand", identity.properties().getOrDefault("ro.product.brand", "")),
        Map.entry("apiVersion", Integer.toString(PhoneIdentity.SDK)),
        Map.entry("platformVersion", PhoneIdentity.RELEASE),
        Map.entry("carrierName", ""),
        Map.entry("realDisplaySize", PhoneIdentity.WIDTH + "x" + PhoneIdentity.HEIGHT),
        Map.entry("displayDensity", PhoneIdentity.DENSITY),
        Map.entry("networks", List.of()),
        Map.entry("locale", "en_US"),
        Map.entry("timeZone", "UTC"),
        Map.entry("bluetooth", Map.of("state", "OFF")));
  }

  Map<String, Object> battery() {
    return Map.of("level", 1, "status", 2);
  }

  String clipboard() {
    return Base64.getEncoder().encodeToString(phone.clipboard().getBytes(StandardCharsets.UTF_8));
  }

  void clipboard(JsonNode body) throws WebDriverException {
    try {
      phone.clipboard(
          new String(
              Base64.getMimeDecoder().decode(body.path("content").asText()),
              StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw WebDriverException.invalidArgument("'content' is not base64");
    }
  }

  Map<String, Object> settings() {
    return Map.copyOf(settings);
  }

  void settings(JsonNode body) {
    body.path("settings")
        .properties()
        .forEach(each -> settings.put(each.getKey(), each.getValue()));
  }

  String currentPackage() {
    return phone.front().orElse("com.android.launcher3");
  }

  private void pointer(JsonNode actions) throws WebDriverException {
    int x = 0;
    int y = 0;
    boolean down = false;
    for (JsonNode action : actions) {
      switch (action.path("type").asText()) {
        case "pointerMove" -> {
          String origin = origin(action.path("origin"));
          Rectangle base =
              origin.isEmpty() ? new Rectangle() : Page.bounds(elements.get(origin).element());
          x = (int) (base.getCenterX() + Math.round(action.path("x").asDouble()));
          y = (int) (base.getCenterY() + Math.round(action.path("y").asDouble()));
        }
        case "pointerDown" -> down = true;
        case "pointerUp" -> {
          if (down) {
            tapAt(x, y);
          }
          down = false;
        }
        default -> {
          // pauses take no time
        }
      }
    }
  }

  private void tapAt(int x, int y) {
    phone.page().at(x, y).ifPresent(this::tap);
  }

  private void tap(Element element) {
    Page.node(element).ifPresent(node -> phone.act(app -> app.tap(node)));
  }

  private static NodeKey editable(Element element) throws WebDriverException {
    Optional<NodeKey> node = Page.node(element);
    if (node.isEmpty() || !element.hasAttribute("hint")) {
      throw WebDriverException.invalidState("Cannot set the element's text: it is not editable");
    }
    return node.get();
  }

  private static String origin(JsonNode origin) {
    return origin
        .path(ELEMENT)
        .asText(origin.path("ELEMENT").asText(origin.path("elementId").asText()));
  }

  private static String joined(JsonNode body) {
    StringBuilder text = new StringBuilder();
    body.path("value").forEach(each -> text.append(each.asText()));
    return text.toString();
  }

  private static Object reference(String id) {
    return Map.of("ELEMENT", id, ELEMENT, id);
  }
}
