package dev.qgjob.simfarm.screen;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of an app, from its launch until it is stopped: which screens were entered, what was
 * typed and switched. Not thread-safe: guarded by its phone.
 */
public final class RunningApp {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]+)\\}");

  private final String packageName;
  private final String launchedActivity;
  private final AppSpec spec;
  private final AppData data;
  private final Map<String, String> facts;
  private final Map<String, String> values = new HashMap<>();
  private final Deque<String> path = new ArrayDeque<>();
  private Optional<NodeKey> focus = Optional.empty();
  private int shown;

  /**
   * A run that shows the first screen.
   *
   * @param facts what placeholders may name beside node ids
   */
  public RunningApp(
      String packageName,
      String launchedActivity,
      AppSpec spec,
      AppData data,
      Map<String, String> facts) {
    this.packageName = packageName;
    this.launchedActivity = launchedActivity;
    this.spec = spec;
    this.data = data;
    this.facts = Map.copyOf(facts);
    path.push(spec.first());
  }

  /**
   * One node of one screen.
   *
   * @param index from the top, from 0
   */
  public record NodeKey(String screen, int index) {
    @Override
    public String toString() {
      return screen + "#" + index;
    }
  }

  /** What a tap did to the app. */
  public enum Outcome {
    /** The app goes on. */
    GOES_ON,
    /** The user left the app; it is still there. */
    LEFT,
    /** The app died. */
    CRASHED
  }

  /** The app's package name. */
  public String packageName() {
    return packageName;
  }

  /** Name of the screen that is shown. */
  public String screenName() {
    return path.element();
  }

  /** The screen that is shown. */
  public ScreenSpec screen() {
    return spec.screen(screenName());
  }

  /** Counts how often a screen was entered: elements found on an earlier one are stale. */
  public int shown() {
    return shown;
  }

  /** Fully qualified name of the activity that the phone tells for the screen. */
  public String activity() {
    String own = screen().activity();
    if (own == null) {
      return launchedActivity;
    }
    return own.startsWith(".") ? packageName + own : own;
  }

  /** The node that would get what is typed. */
  public Optional<NodeKey> focus() {
    return focus;
  }

  /** The node's description. */
  public NodeSpec node(NodeKey key) {
    return spec.screen(key.screen()).nodes().get(key.index());
  }

  /** What the node shows: what was typed, or its text with the placeholders filled in. */
  public String textOf(NodeKey key) {
    NodeSpec node = node(key);
    if (node.editable()) {
      return value(key, node).orElse(fill(node.textOrEmpty()));
    }
    return fill(node.textOrEmpty());
  }

  /** Whether the node is switched on. */
  public boolean isChecked(NodeKey key) {
    NodeSpec node = node(key);
    return value(key, node)
        .map(Boolean::parseBoolean)
        .orElse(node.checked() != null && node.checked());
  }

  /**
   * Taps the node: switches it, focuses it, goes where it leads. Nothing happens to a disabled one.
   */
  public Outcome tap(NodeKey key) {
    NodeSpec node = node(key);
    if (!node.isEnabled()) {
      return Outcome.GOES_ON;
    }
    if (node.isCheckable()) {
      keep(key, node, Boolean.toString(!isChecked(key)));
    }
    if (node.editable()) {
      focus = Optional.of(key);
    }
    return node.destination().map(this::go).orElse(Outcome.GOES_ON);
  }

  /** Replaces what an editable node holds. Returns whether it is one. */
  public boolean type(NodeKey key, String text) {
    NodeSpec node = node(key);
    if (!node.editable() || !node.isEnabled()) {
      return false;
    }
    focus = Optional.of(key);
    keep(key, node, text);
    return true;
  }

  /** Goes one screen back; from the first one, leaves the app. */
  public Outcome back() {
    return go(NodeSpec.BACK);
  }

  private Outcome go(String destination) {
    switch (destination) {
      case NodeSpec.HOME -> {
        return Outcome.LEFT;
      }
      case NodeSpec.CRASH -> {
        return Outcome.CRASHED;
      }
      case NodeSpec.BACK -> {
        if (path.size() == 1) {
          return Outcome.LEFT;
        }
        path.pop();
      }
      default -> path.push(destination);
    }
    focus = Optional.empty();
    shown++;
    return Outcome.GOES_ON;
  }

  private Optional<String> value(NodeKey key, NodeSpec node) {
    return node.remember()
        ? data.get(key.toString())
        : Optional.ofNullable(values.get(key.toString()));
  }

  /** Keeps the value of the node, and under its id, so that a placeholder elsewhere can show it. */
  private void keep(NodeKey key, NodeSpec node, String value) {
    for (String name : List.of(key.toString(), node.idOrEmpty())) {
      if (node.remember()) {
        data.put(name, value);
      } else {
        values.put(name, value);
      }
    }
  }

  private String fill(String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    return matcher.replaceAll(
        match -> {
          String name = match.group(1);
          String value = values.get(name);
          return Matcher.quoteReplacement(
              value != null ? value : data.get(name).orElseGet(() -> facts.getOrDefault(name, "")));
        });
  }
}
