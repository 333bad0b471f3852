package dev.qgjob.simfarm.screen;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One screen, as described in JSON.
 *
 * @param title shown at the top; none if absent
 * @param activity class name that the phone tells while the screen is shown, such as {@code
 *     .ApiDemos}; the launched one if absent
 * @param nodes from top to bottom
 */
public record ScreenSpec(
    @Nullable String title, @Nullable String activity, @Nullable List<NodeSpec> nodes) {
  /** Copies the nodes. */
  public ScreenSpec {
    nodes = nodes == null ? List.of() : List.copyOf(nodes);
  }

  /** The nodes from top to bottom. */
  @Override
  public List<NodeSpec> nodes() {
    return nodes == null ? List.of() : nodes;
  }
}
