package dev.qgjob.simfarm.shell;

import dev.qgjob.simfarm.phone.Phone;
import dev.qgjob.simfarm.phone.PhoneIdentity;
import java.util.Map;

/** {@code dumpsys}. */
final class DumpCommands {
  private final Phone phone;

  private DumpCommands(Phone phone) {
    this.phone = phone;
  }

  static Map<String, Command> of(Phone phone) {
    return Map.of("dumpsys", Command.quick(new DumpCommands(phone)::dumpsys));
  }

  private ShellResult dumpsys(Invocation invocation) {
    return switch (invocation.word(1)) {
      case "package" -> ShellResult.text(PackageDump.of(phone, invocation.word(2)));
      case "window" -> ShellResult.text(window());
      case "activity" -> ShellResult.text(activity(invocation));
      case "power" ->
          ShellResult.text(
              "Power Manager State:\n  mWakefulness="
                  + (phone.condition().awake() ? "Awake" : "Asleep")
                  + "\n  mIsPowered="
                  + phone.condition().powered()
                  + "\n");
      case "battery" ->
          ShellResult.text(
              """
              Current Battery Service state:
                AC powered: %s
                status: 2
                health: 2
                level: %d
                scale: 100
                temperature: %d
              """
                  .formatted(
                      phone.condition().powered(),
                      phone.condition().battery(),
                      phone.condition().temperature()));
      case "input_method" -> ShellResult.text("  mInputShown=false\n  mIsInputViewShown=false\n");
      default -> ShellResult.OK;
    };
  }

  private String window() {
    String dialog = phone.condition().dialog();
    String focus = dialog.isEmpty() ? phone.focus() : dialog;
    return """
    WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)
      Display: mDisplayId=0
        init=%1$dx%2$d %3$ddpi cur=%1$dx%2$d app=%1$dx%2$d
      mCurrentFocus=Window{5e1f00d u0 %4$s}
      mFocusedApp=ActivityRecord{5e1f00d u0 %4$s t12}
      mScreenOnFully=true
      screenState=SCREEN_STATE_ON
      mShowingLockscreen=%5$s
    """
        .formatted(
            PhoneIdentity.WIDTH,
            PhoneIdentity.HEIGHT,
            PhoneIdentity.DENSITY,
            focus,
            phone.condition().locked());
  }

  private String activity(Invocation invocation) {
    String packageName = invocation.word(3);
    if (invocation.word(2).equals("services")) {
      return phone.processes().containsKey(packageName)
          ? "ACTIVITY MANAGER SERVICES (dumpsys activity services)\n  * ServiceRecord{1 u0 "
              + packageName
              + "/.ForegroundService}\n    isForeground=true foregroundId=1\n"
          : "ACTIVITY MANAGER SERVICES (dumpsys activity services)\n  (nothing)\n";
    }
    return "    mResumedActivity: ActivityRecord{5e1f00d u0 " + phone.focus() + " t12}\n";
  }
}
