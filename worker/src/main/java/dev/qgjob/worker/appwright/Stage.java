package dev.qgjob.worker.appwright;

import dev.qgjob.worker.health.ForeignWindow;
import dev.qgjob.worker.workspace.NotReady;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The target as a group's run needs it: one slot, with the app of one build. Used by one thread.
 */
interface Stage {
  /** Has what a Playwright process is told; called before each. */
  void prepare() throws NotReady, InterruptedException;

  /**
   * Has the app on the slot; called while each Playwright process starts, which waits for it.
   *
   * @return installs that were made
   */
  int install() throws NotReady, InterruptedException;

  /** What the adapter is told; after {@link #prepare}. */
  Map<String, Object> settings();

  /** Variables of the tests' process beyond the usual ones. */
  Map<String, String> environment();

  /** Whether the target is still there. */
  boolean present() throws InterruptedException;

  /**
   * Whether the target and the way to it still answer: what hangs then, hangs by itself. Each
   * command of a provider's session has a limit of its own.
   */
  default boolean answers() throws InterruptedException {
    return present();
  }

  /** The window of the system that covers the app, if one does. */
  default Optional<ForeignWindow> foreignWindow() throws InterruptedException {
    return Optional.empty();
  }

  /** Leaves a picture of the screen in {@code file}; leaves none where that cannot be had. */
  default void screenshot(Path file) throws InterruptedException {
    // a provider's own
  }

  /** Leaves the target's own log in {@code file}; leaves none where that cannot be had. */
  default void log(Path file) throws InterruptedException {
    // a provider's own
  }

  /** What the target is called in messages. */
  String name();

  /** Installs that AppWright itself makes for so many executed tests. */
  int installsByTests(int executed);

  /**
   * For how long the tests of the current process have waited for the target itself, which is
   * neither set-up nor run; called from any thread.
   */
  default Duration waited() {
    return Duration.ZERO;
  }

  /** Remarks for people. */
  List<String> notes();

  /** Ends what a killed process left open at the target. */
  void tidy() throws InterruptedException;
}
