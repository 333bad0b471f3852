package dev.qgjob.simfarm.uiautomator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.w3c.dom.Element;

/**
 * Android's {@code UiSelector}, as far as it is written in one line: {@code new
 * UiSelector().text("x")}, with or without the beginning, and the {@code UiScrollable} around it,
 * which has nothing to do here because a simulated screen shows everything.
 */
final class UiSelector {
  private static final Pattern SCROLLABLE =
      Pattern.compile(
          "\\.scrollIntoView\\(\\s*(?:new\\s+UiSelector\\(\\))?(.*)\\)\\s*;?\\s*$", Pattern.DOTALL);
  private static final Pattern START = Pattern.compile("^\\s*(?:new\\s+UiSelector\\(\\))?\\s*\\.?");

  private final List<Predicate<Element>> conditions = new ArrayList<>();
  private Optional<Integer> instance = Optional.empty();

  private UiSelector() {}

  /** Reads a selector; what a real one knows but this one does not is refused by name. */
  static UiSelector parse(String text) throws WebDriverException {
    String inner = text;
    if (text.contains("UiScrollable")) {
      var scrollable = SCROLLABLE.matcher(text);
      if (!scrollable.find()) {
        throw WebDriverException.invalidSelector(
            "Of UiScrollable only scrollIntoView(new UiSelector()…) is simulated: " + text);
      }
      inner = scrollable.group(1);
    }
    UiSelector selector = new UiSelector();
    new Reader(START.matcher(inner).replaceFirst(""), selector).read();
    if (selector.conditions.isEmpty() && selector.instance.isEmpty()) {
      throw WebDriverException.invalidSelector("Could not parse expression '" + text + "'");
    }
    return selector;
  }

  /** The elements that match, in their order. */
  List<Element> find(List<Element> all) {
    List<Element> found =
        all.stream().filter(each -> conditions.stream().allMatch(is -> is.test(each))).toList();
    if (instance.isEmpty()) {
      return found;
    }
    int at = instance.get();
    return at >= 0 && at < found.size() ? List.of(found.get(at)) : List.of();
  }

  private void add(String method, String argument) throws WebDriverException {
    switch (method) {
      case "text" -> equal("text", argument);
      case "textContains" -> holds("text", argument);
      case "textStartsWith" -> starts("text", argument);
      case "textMatches" -> matches("text", argument);
      case "description" -> equal("content-desc", argument);
      case "descriptionContains" -> holds("content-desc", argument);
      case "descriptionStartsWith" -> starts("content-desc", argument);
      case "descriptionMatches" -> matches("content-desc", argument);
      case "resourceId" -> equal("resource-id", argument);
      case "resourceIdMatches" -> matches("resource-id", argument);
      case "className" -> equal("class", argument);
      case "classNameMatches" -> matches("class", argument);
      case "packageName" -> equal("package", argument);
      case "packageNameMatches" -> matches("package", argument);
      case "index" -> equal("index", argument);
      case "checkable",
          "checked",
          "clickable",
          "enabled",
          "focusable",
          "focused",
          "scrollable",
          "selected" ->
          equal(method, argument);
      case "longClickable" -> equal("long-clickable", argument);
      case "instance" -> instance = Optional.of(number(argument));
      default ->
          throw WebDriverException.invalidSelector(
              "UiSelector."
                  + method
                  + " is not simulated; see the list in simfarm's documentation");
    }
  }

  private void equal(String attribute, String wanted) {
    conditions.add(element -> element.getAttribute(attribute).equals(wanted));
  }

  /** UiAutomator ignores case when it looks for a part. */
  private void holds(String attribute, String part) {
    Pattern pattern =
        Pattern.compile(Pattern.quote(part), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    conditions.add(element -> pattern.matcher(element.getAttribute(attribute)).find());
  }

  private void starts(String attribute, String part) {
    Pattern pattern =
        Pattern.compile(Pattern.quote(part), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    conditions.add(element -> pattern.matcher(element.getAttribute(attribute)).lookingAt());
  }

  private void matches(String attribute, String expression) throws WebDriverException {
    try {
      Pattern pattern = Pattern.compile(expression, Pattern.DOTALL);
      conditions.add(element -> pattern.matcher(element.getAttribute(attribute)).matches());
    } catch (PatternSyntaxException e) {
      throw WebDriverException.invalidSelector(
          "Not a regular expression: " + expression + " (" + e.getDescription() + ")");
    }
  }

  private static int number(String argument) throws WebDriverException {
    if (!argument.matches("\\d{1,6}")) {
      throw WebDriverException.invalidSelector("Not a number: " + argument);
    }
    return Integer.parseInt(argument);
  }

  /** Reads {@code method(argument)} pieces with dots between them. */
  private static final class Reader {
    private final String text;
    private final UiSelector into;
    private int at;

    Reader(String text, UiSelector into) {
      this.text = text.strip();
      this.into = into;
    }

    void read() throws WebDriverException {
      while (at < text.length()) {
        String method = name();
        skip('(');
        String argument = argument();
        skip(')');
        into.add(method, argument);
        spaces();
        if (at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ';')) {
          at++;
        } else if (at < text.length()) {
          throw broken();
        }
      }
    }

    private String name() throws WebDriverException {
      spaces();
      int from = at;
      while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
        at++;
      }
      if (from == at) {
        throw broken();
      }
      return text.substring(from, at);
    }

    private String argument() throws WebDriverException {
      spaces();
      if (at < text.length() && text.charAt(at) == '"') {
        return quoted();
      }
      int from = at;
      while (at < text.length() && text.charAt(at) != ')') {
        at++;
      }
      return text.substring(from, at).strip();
    }

    private String quoted() throws WebDriverException {
      StringBuilder value = new StringBuilder();
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        char c = text.charAt(at);
        if (c == '\\' && at + 1 < text.length()) {
          at++;
          value.append(escape(text.charAt(at)));
        } else {
          value.append(c);
        }
        at++;
      }
      if (at >= text.length()) {
        throw broken();
      }
      at++;
      return value.toString();
    }

    private static char escape(char c) {
      return switch (c) {
        case 'n' -> '\n';
        case 't' -> '\t';
        default -> c;
      };
    }

    private void skip(char wanted) throws WebDriverException {
      spaces();
      if (at >= text.length() || text.charAt(at) != wanted) {
        throw broken();
      }
      at++;
    }

    private void spaces() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private WebDriverException broken() {
      return WebDriverException.invalidSelector("Could not parse expression '" + text + "'");
    }
  }
}
