package dev.qgjob.simfarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.simfarm.apk.ApkReader;
import dev.qgjob.simfarm.apk.TestApk;
import dev.qgjob.simfarm.control.ControlApi;
import dev.qgjob.simfarm.control.ReportFile;
import dev.qgjob.simfarm.phone.PhoneKind;
import dev.qgjob.simfarm.phone.TestPhone;
import dev.qgjob.simfarm.screen.Screens;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two phones and the real adb, with an adb server of the test's own. */
@Timeout(120)
class SimfarmIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private int adbPort;
  private Farm farm;
  private ControlApi control;
  private Path report;

  @BeforeEach
  void open() throws Exception {
    farm =
        Farm.open(
            new Farm.Plan(2, 0, PhoneKind.EMULATOR, Duration.ofMillis(300), Screens.builtIn()));
    report = folder.resolve("report.json");
    ReportFile file = new ReportFile(report, farm::report);
    file.write();
    farm.onChange(file::update);
    control =
        new ControlApi(
            0,
            farm.phones(),
            farm::report,
            () -> {},
            Optional::empty,
            Optional.empty(),
            farm.executor());
    // last, so that none of the others has got it
    adbPort = freePort();
    adb("start-server");
    for (var phone : farm.phones()) {
      assertThat(adb("connect", phone.phone().identity().serial())).contains("connected to");
    }
  }

  @AfterEach
  void close() throws Exception {
    adb("kill-server");
    control.close();
    farm.close();
  }

  @Test
  void adbSeesTwoDifferentPhones() throws Exception {
    assertThat(adb("devices")).contains(serial(0) + "\tdevice", serial(1) + "\tdevice");
    assertThat(on(0, "shell", "getprop", "ro.serialno"))
        .isNotEqualTo(on(1, "shell", "getprop", "ro.serialno"));
  }

  @Test
  void anAppIsInstalledCountedAndReadBack() throws Exception {
    Path apk = apk("one");

    assertThat(on(0, "install", "-r", apk.toString())).contains("Success");

    String path =
        on(0, "shell", "pm", "path", "org.example").strip().substring("package:".length());
    assertThat(on(0, "shell", "sha256sum", path)).startsWith(ApkReader.digest(apk, "SHA-256"));
    Path back = folder.resolve("back.apk");
    on(0, "pull", path, back.toString());
    assertThat(back).hasSameBinaryContentAs(apk);
    assertThat(phones().path("phones").path(0).path("counts").path("installs").asInt())
        .isEqualTo(1);
    assertThat(phones().path("phones").path(1).path("counts").path("installs").asInt()).isZero();
    assertThat(JSON.readTree(report.toFile()).path("total").path("installs").asInt()).isEqualTo(1);

    assertThat(on(0, "uninstall", "org.example")).contains("Success");
    assertThat(phones().path("total").path("uninstalls").asInt()).isEqualTo(1);
    post("/reset-counts");
    assertThat(phones().path("total").path("installs").asInt()).isZero();
  }

  @Test
  void aLargeFileGoesThereAndBackUnchanged() throws Exception {
    byte[] bytes = new byte[9_000_001];
    new Random(1).nextBytes(bytes);
    Path file = Files.write(folder.resolve("large.bin"), bytes);

    on(1, "push", file.toString(), "/sdcard/large.bin");
    on(1, "pull", "/sdcard/large.bin", folder.resolve("again.bin").toString());

    assertThat(folder.resolve("again.bin")).hasSameBinaryContentAs(file);
  }

  @Test
  void aPhoneThatVanishesIsGoneAndComesBackWithWhatItHad() throws Exception {
    on(0, "install", apk("one").toString());

    post("/phones/" + serial(0) + "/vanish");
    await().until(() -> !adb("devices").contains(serial(0) + "\tdevice"));
    post("/phones/" + serial(0) + "/return");
    // asked again each time: adb may still hold the old connection, and says "already connected"
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              adb("connect", serial(0));
              return adb("devices").contains(serial(0) + "\tdevice");
            });

    assertThat(on(0, "shell", "pm", "path", "org.example")).contains("base.apk");
  }

  @Test
  void anAppCanBeRemovedBehindEverybodysBack() throws Exception {
    on(0, "install", apk("one").toString());

    post("/phones/" + serial(0) + "/uninstall?package=org.example");

    assertThat(on(0, "shell", "dumpsys", "package", "org.example"))
        .contains("Unable to find package");
    assertThat(
            post("/phones/" + serial(0) + "/uninstall?package=org.example").path("error").asText())
        .contains("org.example");
    assertThat(post("/phones/nobody/vanish").path("error").asText()).contains("no phone 'nobody'");
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    int port = farm.phones().get(0).phone().identity().port();

    assertThatThrownBy(
            () ->
                Farm.open(
                    new Farm.Plan(1, port, PhoneKind.EMULATOR, Duration.ZERO, Screens.builtIn())))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("port " + port + " is taken");
  }

  private Path apk(String content) throws IOException {
    return TestApk.signed(
        folder.resolve(content + ".apk"), "org.example", 1, content, TestPhone.KEY);
  }

  private String serial(int phone) {
    return farm.phones().get(phone).phone().identity().serial();
  }

  private String on(int phone, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("-s", serial(phone)));
    all.addAll(List.of(words));
    return adb(all.toArray(String[]::new));
  }

  private String adb(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("adb"));
    command.addAll(List.of(words));
    Path output = Files.createTempFile(folder, "adb", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("ANDROID_ADB_SERVER_PORT", Integer.toString(adbPort));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return fail("this test needs 'adb' on the PATH: install the Android platform tools", e);
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      fail("adb did not end: " + command);
    }
    return Files.readString(output);
  }

  private JsonNode phones() throws Exception {
    return send(HttpRequest.newBuilder(URI.create(control.url() + "/phones")).build());
  }

  private JsonNode post(String path) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(control.url() + path))
            .POST(BodyPublishers.noBody())
            .build());
  }

  private static JsonNode send(HttpRequest request) throws Exception {
    return JSON.readTree(
        HttpClient.newHttpClient()
            .send(request, BodyHandlers.ofString(StandardCharsets.UTF_8))
            .body());
  }

  private static int freePort() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
