package dev.qgjob.lab.stack;

import dev.qgjob.worker.appwright.AndroidSdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An Appium of the example's packages, on a free port. */
public final class AppiumPart implements AutoCloseable {
  private final Part part;
  private final int port;

  private AppiumPart(Part part, int port) {
    this.part = part;
    this.port = port;
  }

  /**
   * Starts it.
   *
   * @param folder for its log, and for an Android SDK where this machine names none
   * @param adb what names the adb server
   */
  public static AppiumPart start(Distribution distribution, Path folder, Map<String, String> adb) {
    int port = FreePort.next();
    Map<String, String> environment = new HashMap<>(adb);
    environment.put("ANDROID_HOME", sdk(folder).toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("APPIUM_HOME", distribution.example().toString());
    Part part =
        Part.start(
            "Appium",
            folder.resolve("appium.log"),
            distribution.example(),
            environment,
            List.of(
                "node",
                distribution.example().resolve("node_modules/appium/index.js").toString(),
                "server",
                "--address",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--use-drivers=uiautomator2",
                "--log-no-colors"));
    try {
      part.await(
          "listening",
          Duration.ofMinutes(1),
          () -> part.output().contains("REST http interface listener started"));
      return new AppiumPart(part, port);
    } catch (RuntimeException e) {
      part.close();
      throw e;
    }
  }

  private static Path sdk(Path folder) {
    try {
      return AndroidSdk.locate(System.getenv(), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Its address. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    part.close();
  }
}
