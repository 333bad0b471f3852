package dev.qgjob.simfarm.screen;

import dev.qgjob.simfarm.screen.RunningApp.NodeKey;
import java.awt.Rectangle;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What is on the phone's display at one moment, as the tree that UiAutomator shows: finding
 * elements, page source and screenshots all read it. Not thread-safe.
 */
public final class Page {
  private static final String KEY = "simfarm.key";
  private static final String SHOWN_AS = "simfarm.shown";
  private static final int STATUS_BAR = 63;
  private static final int TITLE = 147;
  private static final int ROW = 168;

  private final Document document;
  private final List<Element> elements = new ArrayList<>();
  private final int width;
  private final int height;
  private final String packageName;

  private Page(String packageName, int width, int height) {
    this.packageName = packageName;
    this.width = width;
    this.height = height;
    try {
      document = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JRE's own XML parser", e);
    }
    Element hierarchy = document.createElement("hierarchy");
    hierarchy.setAttribute("index", "0");
    hierarchy.setAttribute("class", "hierarchy");
    hierarchy.setAttribute("rotation", "0");
    hierarchy.setAttribute("width", Integer.toString(width));
    hierarchy.setAttribute("height", Integer.toString(height));
    document.appendChild(hierarchy);
  }

  /** The app's current screen on a display of this size in pixels. */
  public static Page of(RunningApp app, int width, int height) {
    Page page = new Page(app.packageName(), width, height);
    page.draw(app);
    return page;
  }

  /** The empty launcher. */
  public static Page launcher(int width, int height) {
    Page page = new Page("com.android.launcher3", width, height);
    page.add(
        page.document.getDocumentElement(),
        "frame",
        "android.widget.FrameLayout",
        new Rectangle(0, 0, width, height));
    return page;
  }

  /** All elements in the order of the tree, without the root. */
  public List<Element> elements() {
    return List.copyOf(elements);
  }

  /** The root, of which XPath expressions start. */
  public Document document() {
    return document;
  }

  /** The element's name within its screen: the same as long as the screen is. */
  public static String key(Element element) {
    return String.valueOf(element.getUserData(KEY));
  }

  /** What the element shows, which for a password is not its text. */
  static String shownAs(Element element) {
    Object shown = element.getUserData(SHOWN_AS);
    return shown == null ? element.getAttribute("text") : shown.toString();
  }

  /** The element with this name. */
  public Optional<Element> find(String key) {
    return elements.stream().filter(element -> key(element).equals(key)).findFirst();
  }

  /** The smallest element at a point, in pixels from the top left. */
  public Optional<Element> at(int x, int y) {
    Optional<Element> best = Optional.empty();
    for (Element element : elements) {
      if (bounds(element).contains(x, y)) {
        best = Optional.of(element);
      }
    }
    return best;
  }

  /** The node that an element stands for, if it is one that the description knows. */
  public static Optional<NodeKey> node(Element element) {
    String key = key(element);
    int hash = key.lastIndexOf('#');
    return hash < 0
        ? Optional.empty()
        : Optional.of(
            new NodeKey(key.substring(0, hash), Integer.parseInt(key.substring(hash + 1))));
  }

  /** Where the element is, in pixels. */
  public static Rectangle bounds(Element element) {
    String[] numbers =
        element.getAttribute("bounds").replaceAll("[\\[\\],]+", " ").trim().split(" ", -1);
    int x = Integer.parseInt(numbers[0]);
    int y = Integer.parseInt(numbers[1]);
    return new Rectangle(x, y, Integer.parseInt(numbers[2]) - x, Integer.parseInt(numbers[3]) - y);
  }

  /** The page source as UiAutomator writes it. */
  public String xml() {
    try {
      Transformer transformer = TransformerFactory.newInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.INDENT, "yes");
      transformer.setOutputProperty(OutputKeys.STANDALONE, "yes");
      StringWriter out = new StringWriter();
      transformer.transform(new DOMSource(document), new StreamResult(out));
      return out.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException("the JRE's own XML writer", e);
    }
  }

  /** Width in pixels. */
  public int width() {
    return width;
  }

  /** Height in pixels. */
  public int height() {
    return height;
  }

  private void draw(RunningApp app) {
    ScreenSpec screen = app.screen();
    Element frame =
        add(
            document.getDocumentElement(),
            "frame",
            "android.widget.FrameLayout",
            new Rectangle(0, 0, width, height));
    int top = STATUS_BAR;
    if (screen.title() != null) {
      Element title =
          add(frame, "title", "android.widget.TextView", new Rectangle(0, top, width, TITLE));
      title.setAttribute("text", screen.title());
      top += TITLE;
    }
    Element list =
        add(frame, "list", "android.widget.ListView", new Rectangle(0, top, width, height - top));
    list.setAttribute("resource-id", "android:id/list");
    list.setAttribute("scrollable", "true");
    List<NodeSpec> nodes = screen.nodes();
    int row = nodes.isEmpty() ? ROW : Math.max(1, Math.min(ROW, (height - top) / nodes.size()));
    for (int i = 0; i < nodes.size(); i++) {
      draw(
          app, list, new NodeKey(app.screenName(), i), new Rectangle(0, top + i * row, width, row));
    }
  }

  private void draw(RunningApp app, Element list, NodeKey key, Rectangle where) {
    NodeSpec node = app.node(key);
    Element element = add(list, key.toString(), node.widget(), where);
    String text = app.textOf(key);
    boolean asHint = node.editable() && text.isEmpty();
    String hint = node.hint() == null ? "" : node.hint();
    element.setAttribute("text", asHint ? hint : text);
    if (node.password() && !text.isEmpty()) {
      element.setUserData(SHOWN_AS, "•".repeat(text.length()), null);
      element.setAttribute("text", "•".repeat(text.length()));
    }
    element.setAttribute("resource-id", node.idOrEmpty());
    element.setAttribute("content-desc", node.description() == null ? "" : node.description());
    element.setAttribute("checkable", Boolean.toString(node.isCheckable()));
    element.setAttribute("checked", Boolean.toString(app.isChecked(key)));
    element.setAttribute("clickable", Boolean.toString(node.isClickable()));
    element.setAttribute("enabled", Boolean.toString(node.isEnabled()));
    element.setAttribute("focusable", Boolean.toString(node.isClickable()));
    element.setAttribute("focused", Boolean.toString(app.focus().filter(key::equals).isPresent()));
    element.setAttribute("password", Boolean.toString(node.password()));
    if (node.editable()) {
      element.setAttribute("hint", hint);
      element.setAttribute("showing-hint", Boolean.toString(asHint));
    }
  }

  private Element add(org.w3c.dom.Node parent, String key, String widget, Rectangle where) {
    Element element = document.createElement(widget.replace('$', '.'));
    NodeList siblings = parent.getChildNodes();
    element.setAttribute("index", Integer.toString(siblings.getLength()));
    element.setAttribute("package", packageName);
    element.setAttribute("class", widget);
    element.setAttribute("text", "");
    element.setAttribute("resource-id", "");
    for (String flag :
        List.of(
            "checkable",
            "checked",
            "clickable",
            "focusable",
            "focused",
            "long-clickable",
            "password",
            "scrollable",
            "selected")) {
      element.setAttribute(flag, "false");
    }
    element.setAttribute("enabled", "true");
    element.setAttribute("displayed", "true");
    element.setAttribute(
        "bounds",
        "[%d,%d][%d,%d]"
            .formatted(where.x, where.y, where.x + where.width, where.y + where.height));
    element.setUserData(KEY, key, null);
    parent.appendChild(element);
    elements.add(element);
    return element;
  }
}
