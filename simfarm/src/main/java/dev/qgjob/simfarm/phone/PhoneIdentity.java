package dev.qgjob.simfarm.phone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who a phone says it is.
 *
 * @param port its ADB port on 127.0.0.1
 * @param number counted from 1 within the farm
 */
public record PhoneIdentity(int port, int number, PhoneKind kind) {
  /** API level of every simulated phone (Android 14). */
  public static final int SDK = 34;

  /** Android release of every simulated phone. */
  public static final String RELEASE = "14";

  /** Width of the screen in pixels. */
  public static final int WIDTH = 1080;

  /** Height of the screen in pixels. */
  public static final int HEIGHT = 2400;

  /** For which it runs native code. */
  public static final List<String> ABIS = List.of("x86_64", "arm64-v8a");

  /** Pixels per inch of the screen. */
  public static final int DENSITY = 420;

  /** Refuses ports that cannot be. */
  public PhoneIdentity {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
  }

  /** The name under which adb knows the phone after {@code adb connect}. */
  public String serial() {
    return "127.0.0.1:" + port;
  }

  /** The serial number that the phone itself tells, different for each port. */
  public String serialNumber() {
    return "SIM" + port;
  }

  /** The model that the phone tells. */
  public String model() {
    return kind == PhoneKind.EMULATOR ? "sdk_gphone64_simfarm" : "Simfarm Phone";
  }

  /** The manufacturer that the phone tells. */
  public String manufacturer() {
    return kind == PhoneKind.EMULATOR ? "Google" : "Simfarm";
  }

  /**
   * What the phone tells in the greeting of the ADB transport. No features: plain shell, push and
   * install.
   */
  public String banner() {
    return "device::ro.product.name="
        + productName()
        + ";ro.product.model="
        + model()
        + ";ro.product.device="
        + deviceName()
        + ";features=";
  }

  /** System properties as {@code getprop} tells them. */
  public Map<String, String> properties() {
    boolean emulator = kind == PhoneKind.EMULATOR;
    Map<String, String> all = new LinkedHashMap<>();
    all.put("init.svc.bootanim", "stopped");
    all.put("net.bt.name", "Android");
    all.put("persist.sys.locale", "en-US");
    all.put("persist.sys.timezone", "UTC");
    all.put("ro.boot.qemu", emulator ? "1" : "0");
    all.put("ro.boot.serialno", serialNumber());
    all.put("ro.build.characteristics", emulator ? "emulator" : "default");
    all.put("ro.build.id", "SIMFARM");
    all.put("ro.build.type", "userdebug");
    all.put("ro.build.version.codename", "REL");
    all.put("ro.build.version.release", RELEASE);
    all.put("ro.build.version.sdk", Integer.toString(SDK));
    all.put("ro.hardware", emulator ? "ranchu" : "simfarm");
    all.put("ro.kernel.qemu", emulator ? "1" : "0");
    all.put("ro.product.brand", emulator ? "google" : "simfarm");
    all.put("ro.product.cpu.abi", "x86_64");
    all.put("ro.product.cpu.abilist", String.join(",", ABIS));
    all.put("ro.product.device", deviceName());
    all.put("ro.product.locale", "en-US");
    all.put("ro.product.manufacturer", manufacturer());
    all.put("ro.product.model", model());
    all.put("ro.product.name", productName());
    all.put("ro.serialno", serialNumber());
    all.put("ro.sf.lcd_density", Integer.toString(DENSITY));
    all.put("sys.boot_completed", "1");
    all.put("dev.bootcomplete", "1");
    return all;
  }

  private String productName() {
    return kind == PhoneKind.EMULATOR ? "sdk_gphone64_x86_64" : "simfarm";
  }

  private String deviceName() {
    return kind == PhoneKind.EMULATOR ? "emu64x" : "simfarm";
  }
}
