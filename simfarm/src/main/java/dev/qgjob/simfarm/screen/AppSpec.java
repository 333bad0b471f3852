package dev.qgjob.simfarm.screen;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The screens of one app, as described in JSON.
 *
 * @param start name of the screen that a launch shows
 * @param screens by name
 */
public record AppSpec(@Nullable String start, @Nullable Map<String, ScreenSpec> screens) {
  /** Checks that the start and every tap lead somewhere. */
  public AppSpec {
    if (screens == null || screens.isEmpty()) {
      throw new IllegalArgumentException("'screens' is missing or empty");
    }
    if (start == null || !screens.containsKey(start)) {
      throw new IllegalArgumentException(
          "'start' is '" + start + "', which is none of the screens " + screens.keySet());
    }
    screens = Map.copyOf(screens);
    for (Map.Entry<String, ScreenSpec> screen : screens.entrySet()) {
      for (NodeSpec node : screen.getValue().nodes()) {
        String tap = node.tap();
        if (tap != null && !isReserved(tap) && !screens.containsKey(tap)) {
          throw new IllegalArgumentException(
              "screen '"
                  + screen.getKey()
                  + "': the tap of '"
                  + node.textOrEmpty()
                  + "' leads to '"
                  + tap
                  + "', which is no screen");
        }
      }
    }
  }

  /** An app of which nothing is described: one screen that shows its name. */
  public static AppSpec plain(String label) {
    return new AppSpec(
        "main", Map.of("main", new ScreenSpec(label, null, List.of(NodeSpec.label(label)))));
  }

  /** The screen of this name. */
  public ScreenSpec screen(String name) {
    ScreenSpec screen = screens == null ? null : screens.get(name);
    if (screen == null) {
      throw new IllegalArgumentException("no screen '" + name + "'");
    }
    return screen;
  }

  /** The name of the first screen. */
  public String first() {
    return java.util.Objects.requireNonNull(start);
  }

  private static boolean isReserved(String tap) {
    return tap.equals(NodeSpec.BACK) || tap.equals(NodeSpec.HOME) || tap.equals(NodeSpec.CRASH);
  }
}
