package dev.qgjob.simfarm.screen;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing on a screen, as described in JSON. Only {@code text} is usual; everything else may be
 * left out.
 *
 * @param id resource id, taken literally (such as {@code android:id/text1})
 * @param text what it shows; {@code ${id}} stands for what was typed into the node with that id,
 *     and {@code ${package}}, {@code ${versionName}} and {@code ${versionCode}} for the installed
 *     app
 * @param description content description (accessibility id)
 * @param hint shown while an editable node is empty
 * @param type widget class, such as {@code android.widget.Button}; chosen by what the node can do
 *     if absent
 * @param editable whether one can type into it
 * @param password whether what is typed is shown as dots
 * @param checked present for a node that a tap switches on and off; its first state
 * @param remember whether what is typed or switched survives until the app's data is cleared
 * @param enabled false for a node that cannot be used
 * @param tap where a tap leads: a screen's name, {@code !back}, {@code !home} or {@code !crash}
 */
public record NodeSpec(
    @Nullable String id,
    @Nullable String text,
    @Nullable String description,
    @Nullable String hint,
    @Nullable String type,
    boolean editable,
    boolean password,
    @Nullable Boolean checked,
    boolean remember,
    @Nullable Boolean enabled,
    @Nullable String tap) {

  /** Leads to the screen before. */
  public static final String BACK = "!back";

  /** Leaves the app. */
  public static final String HOME = "!home";

  /** The app dies. */
  public static final String CRASH = "!crash";

  /** A node that shows text and nothing else. */
  public static NodeSpec label(String text) {
    return new NodeSpec(null, text, null, null, null, false, false, null, false, null, null);
  }

  /** The text of the description, empty if there is none. */
  public String textOrEmpty() {
    return text == null ? "" : text;
  }

  /** The id, empty if there is none. */
  public String idOrEmpty() {
    return id == null ? "" : id;
  }

  /** Whether it can be switched on and off. */
  public boolean isCheckable() {
    return checked != null;
  }

  /** Whether it can be used. */
  public boolean isEnabled() {
    return enabled == null || enabled;
  }

  /** Whether a tap does anything. */
  public boolean isClickable() {
    return tap != null || editable || isCheckable();
  }

  /** Where a tap leads, if anywhere. */
  public Optional<String> destination() {
    return Optional.ofNullable(tap);
  }

  /** The widget class, as described or as fits. */
  public String widget() {
    if (type != null) {
      return type;
    }
    if (editable) {
      return "android.widget.EditText";
    }
    return isCheckable() ? "android.widget.CheckBox" : "android.widget.TextView";
  }
}
