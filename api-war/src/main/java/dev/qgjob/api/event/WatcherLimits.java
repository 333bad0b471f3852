package dev.qgjob.api.event;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How many streams of events are open at once, so that a pipeline that forgets to close its own
 * takes nothing from others.
 *
 * <p>System property {@code qgjob.limit.watchers.org}, else environment variable {@code
 * QGJOB_LIMIT_WATCHERS_ORG}, and likewise {@code qgjob.limit.watchers}.
 *
 * @param ofOneOrg {@code qgjob.limit.watchers.org} (1000)
 * @param inAll {@code qgjob.limit.watchers} (2000)
 */
public record WatcherLimits(int ofOneOrg, int inAll) {
  /** What holds where nothing is set. */
  public static final WatcherLimits DEFAULT = new WatcherLimits(1000, 2000);

  /** As this server was started; throws {@link IllegalStateException} that names what is wrong. */
  public static WatcherLimits ofServer() {
    return of(System::getProperty, System::getenv);
  }

  static WatcherLimits of(
      UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
    return new WatcherLimits(
        read("qgjob.limit.watchers.org", DEFAULT.ofOneOrg, properties, environment),
        read("qgjob.limit.watchers", DEFAULT.inAll, properties, environment));
  }

  private static int read(
      String name,
      int otherwise,
      UnaryOperator<@Nullable String> properties,
      UnaryOperator<@Nullable String> environment) {
    String property = properties.apply(name);
    String text =
        property != null
            ? property
            : environment.apply(name.toUpperCase(Locale.ROOT).replace('.', '_'));
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    if (!text.strip().matches("[0-9]{1,6}")) {
      throw new IllegalStateException(
          name + " is '" + text + "': give a number of streams, 0 to 999999");
    }
    return Integer.parseInt(text.strip());
  }
}
