package dev.qgjob.worker.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** On output in the form in which Android's tools print it. */
class VitalsTest {
  private static final String PIXEL =
      """
      @boot
      1
      @df
      Filesystem      1K-blocks     Used Available Use% Mounted on
      /dev/block/dm-5 112249716 20873436  91245208  19% /data/user/0
      @battery
      Current Battery Service state:
        AC powered: false
        USB powered: true
        Wireless powered: false
        Dock powered: false
        Max charging current: 500000
        Charge counter: 2431000
        status: 2
        health: 2
        present: true
        level: 61
        scale: 100
        voltage: 4013
        temperature: 287
        technology: Li-ion
      @power
        mWakefulness=Awake
        mWakefulnessChanging=false
      @window
          mDreamingLockscreen=false
        mCurrentFocus=null
        mCurrentFocus=Window{9c2d4e u0 com.google.android.apps.nexuslauncher/com.google.android.apps.nexuslauncher.NexusLauncherActivity}
      """;

  private static Optional<String> ailment(String output) {
    return Fitness.USUAL.ailment(Vitals.parse(output));
  }

  @Test
  void aPhoneInGoodShapeIsFit() {
    Vitals vitals = Vitals.parse(PIXEL);
    assertThat(vitals.booted()).isTrue();
    assertThat(vitals.freeKiB()).hasValue(91_245_208);
    assertThat(vitals.battery()).hasValue(61);
    assertThat(vitals.powered()).isTrue();
    assertThat(vitals.temperature()).hasValue(287);
    assertThat(vitals.awake()).isTrue();
    assertThat(vitals.locked()).isFalse();
    assertThat(vitals.front()).get().asString().startsWith("com.google.android.apps.nexuslauncher");
    assertThat(Fitness.USUAL.ailment(vitals)).isEmpty();
  }

  @Test
  void windowsLineEndsAreNoAilment() {
    assertThat(ailment(PIXEL.replace("\n", "\r\n"))).isEmpty();
  }

  @Test
  void whatIsNotSaidIsNotJudged() {
    assertThat(ailment("@boot\n1\n@df\nsh: df: not found\n@battery\n@power\n@window\n")).isEmpty();
    // toybox of Android 6 knows another form
    assertThat(
            ailment(
                PIXEL.replaceFirst(
                    "(?s)Filesystem.*?@battery",
                    "Filesystem   Size   Used   Free   Blksize\n"
                        + "/data  4.9G  4.8G  0.0M 4096\n"
                        + "@battery")))
        .isEmpty();
  }

  @Test
  void aPhoneThatStartsIsNotReady() {
    assertThat(ailment(PIXEL.replaceFirst("@boot\n1", "@boot\n0")))
        .contains("it is still starting");
    assertThat(ailment("error: device offline")).contains("it is still starting");
  }

  @Test
  void aFullPhoneSaysHowFull() {
    assertThat(ailment(PIXEL.replace("91245208  19%", "204800  99%")))
        .hasValueSatisfying(
            why -> assertThat(why).contains("storage is full").contains("200 MiB are free"));
  }

  @Test
  void anEmptyBatteryMattersUnlessItIsCharged() {
    String low = PIXEL.replace("level: 61", "level: 4");
    assertThat(ailment(low)).isEmpty();
    assertThat(ailment(low.replace("USB powered: true", "USB powered: false")))
        .hasValueSatisfying(why -> assertThat(why).contains("4 %"));
  }

  @Test
  void aHotPhoneRests() {
    assertThat(ailment(PIXEL.replace("temperature: 287", "temperature: 512")))
        .contains("its battery has 51.2 °C");
  }

  @Test
  void aDarkOrLockedScreenIsSeen() {
    assertThat(ailment(PIXEL.replace("mWakefulness=Awake", "mWakefulness=Asleep")))
        .hasValueSatisfying(why -> assertThat(why).contains("screen is off"));
    assertThat(ailment(PIXEL.replace("mDreamingLockscreen=false", "mDreamingLockscreen=true")))
        .hasValueSatisfying(why -> assertThat(why).contains("screen is locked"));
  }

  private static Optional<String> front(String focus) {
    return ailment(
        PIXEL.replaceFirst("Window\\{9c2d4e u0 [^}]+}", "Window{9c2d4e u0 " + focus + "}"));
  }

  @Test
  void aForeignWindowInFrontIsNamed() {
    assertThat(front("Application Error: com.android.chrome"))
        .contains("in front is the dialog that com.android.chrome has crashed");
    assertThat(front("Application Not Responding: com.android.systemui"))
        .contains("in front is the dialog that com.android.systemui does not respond");
    assertThat(
            front(
                "com.google.android.permissioncontroller/com.android.permissioncontroller.permission.ui.GrantPermissionsActivity"))
        .hasValueSatisfying(why -> assertThat(why).contains("permission prompt"));
    assertThat(
            front(
                "com.google.android.packageinstaller/com.android.packageinstaller.PackageInstallerActivity"))
        .hasValueSatisfying(why -> assertThat(why).contains("installer's prompt"));
    assertThat(front("com.android.settings/com.android.settings.Settings")).isEmpty();
    assertThat(front("StatusBar")).isEmpty();
  }
}
