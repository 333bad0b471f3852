package dev.qgjob.cli;

import java.util.List;
import java.util.Map;

/** How much a command says beside its result, and whether in colour. One thread sets it. */
public final class Manner {
  private boolean quiet;
  private boolean plain;

  /** As the environment wishes: NO_COLOR (no-color.org), TERM=dumb. */
  public static Manner of(Map<String, String> env) {
    Manner manner = new Manner();
    manner.plain = !env.getOrDefault("NO_COLOR", "").isEmpty() || "dumb".equals(env.get("TERM"));
    return manner;
  }

  /** The help text is printed while options are still being read, so these are looked for first. */
  void hear(List<String> args) {
    plain |= args.contains("--no-color");
  }

  void quiet(boolean wish) {
    quiet = wish;
  }

  /** No progress and no hints. */
  public boolean quiet() {
    return quiet;
  }

  /** No colours. */
  public boolean plain() {
    return plain;
  }
}
