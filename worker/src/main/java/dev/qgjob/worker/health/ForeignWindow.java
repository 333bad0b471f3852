package dev.qgjob.worker.health;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A window of the system that covers whatever a test wants to see.
 *
 * @param name for people
 * @param owner package that it is about; empty where the window does not say
 */
public record ForeignWindow(String name, String owner) {
  private static final Pattern ENDED =
      Pattern.compile("(Application Error|Application Not Responding|AppErrorDialog): ?(\\S*)");
  private static final Pattern PERMISSION =
      Pattern.compile("^\\S*(?:permissioncontroller|packageinstaller)/\\S*(?:Grant|Permission).*");
  private static final Pattern INSTALLER =
      Pattern.compile("^\\S*(?:packageinstaller|vending)/\\S*(?:Install|Verif|Protect).*");

  /** The foreign window that a focus names, if it is one. */
  public static Optional<ForeignWindow> in(Optional<String> front) {
    return front.flatMap(ForeignWindow::named);
  }

  private static Optional<ForeignWindow> named(String front) {
    Matcher ended = ENDED.matcher(front);
    if (ended.find()) {
      boolean hangs = ended.group(1).equals("Application Not Responding");
      String owner = ended.group(2);
      return Optional.of(
          new ForeignWindow(
              "the dialog that " + owner + (hangs ? " does not respond" : " has crashed"), owner));
    }
    if (PERMISSION.matcher(front).matches()) {
      return Optional.of(new ForeignWindow("a permission prompt (" + front + ")", ""));
    }
    if (INSTALLER.matcher(front).matches()) {
      return Optional.of(new ForeignWindow("an installer's prompt (" + front + ")", ""));
    }
    return Optional.empty();
  }
}
