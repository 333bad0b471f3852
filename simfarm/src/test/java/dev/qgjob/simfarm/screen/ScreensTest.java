package dev.qgjob.simfarm.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class ScreensTest {
  private static final String APIS = "io.appium.android.apis";

  @TempDir Path folder;

  @Test
  void theBuiltInAppBeginsWithTheEntriesOfApiDemos() {
    RunningApp app = launch(new AppData());

    assertThat(app.screen().nodes())
        .extracting(NodeSpec::textOrEmpty)
        .containsExactly(
            "Accessibility",
            "Animation",
            "App",
            "Content",
            "Graphics",
            "Media",
            "NFC",
            "OS",
            "Preference",
            "Text",
            "Views");
    assertThat(app.activity()).isEqualTo(APIS + ".ApiDemos");
  }

  @Test
  void tapsLeadOnAndBack() {
    RunningApp app = launch(new AppData());
    tap(app, "App");
    tap(app, "Activity");
    tap(app, "Hello World");

    assertThat(texts(app)).contains("Hello, World!");
    assertThat(app.activity()).isEqualTo(APIS + ".app.HelloWorld");
    assertThat(app.back()).isEqualTo(RunningApp.Outcome.GOES_ON);
    assertThat(texts(app)).contains("Persistent State");
    app.back();
    app.back();
    assertThat(app.back()).isEqualTo(RunningApp.Outcome.LEFT);
  }

  @Test
  void whatIsTypedIsShownAndOnlyRememberedDataOutlivesTheRun() {
    AppData data = new AppData();
    RunningApp app = launch(data);
    tap(app, "App");
    tap(app, "Activity");
    tap(app, "Persistent State");
    type(app, "Initial text.", "kept");
    app.back();
    tap(app, "Save & Restore State");
    type(app, "Initial text.", "lost");
    assertThat(texts(app)).contains("lost");

    RunningApp again = launch(data);
    tap(again, "App");
    tap(again, "Activity");
    tap(again, "Persistent State");
    assertThat(texts(again)).contains("kept");
    again.back();
    tap(again, "Save & Restore State");
    assertThat(texts(again)).contains("Initial text.").doesNotContain("lost");

    data.clear();
    RunningApp cleared = launch(data);
    tap(cleared, "App");
    tap(cleared, "Activity");
    tap(cleared, "Persistent State");
    assertThat(texts(cleared)).contains("Initial text.");
  }

  @Test
  void switchesOfTheSameNameAreSwitchedOneByOne() {
    RunningApp app = launch(new AppData());
    tap(app, "Accessibility");
    tap(app, "Accessibility Node Querying");
    tap(app, "Do Laundry");

    assertThat(element(app, "Do Laundry").getAttribute("checked")).isEqualTo("true");
    assertThat(element(app, "Do Taxes").getAttribute("checked")).isEqualTo("false");
  }

  @Test
  void aPasswordIsNotShown() {
    RunningApp app = launch(new AppData());
    tap(app, "Views");
    tap(app, "TextFields");
    type(app, "password", "secret");

    assertThat(Page.of(app, 1080, 2400).xml()).doesNotContain("secret").contains("••••••");
  }

  @Test
  void aScreenshotIsAPictureOfTheDisplay() throws IOException {
    var image =
        ImageIO.read(
            new ByteArrayInputStream(Painter.png(Page.of(launch(new AppData()), 1080, 2400))));

    assertThat(image.getWidth()).isEqualTo(1080);
    assertThat(image.getHeight()).isEqualTo(2400);
    assertThat(image.getRGB(5, 100)).isNotEqualTo(image.getRGB(5, 300));
  }

  @Test
  void anAppThatNobodyDescribedShowsItsName() {
    AppSpec spec = Screens.builtIn().of("org.unknown", "Unknown");

    assertThat(spec.screen(spec.first()).nodes())
        .singleElement()
        .satisfies(node -> assertThat(node.textOrEmpty()).isEqualTo("Unknown"));
  }

  @Test
  void aDescriptionOfOnesOwnIsLaidOverTheBuiltInOne() throws IOException {
    Path file =
        file(
            """
        {"packages": {"org.example": {"start": "one", "screens": {
          "one": {"nodes": [{"text": "Version ${versionName}", "tap": "!crash"}]}}}}}
        """);

    Screens screens = Screens.read(file);

    assertThat(screens.of(APIS, "").first()).isEqualTo("home");
    RunningApp app =
        new RunningApp(
            "org.example",
            "org.example.Main",
            screens.of("org.example", ""),
            new AppData(),
            Map.of("versionName", "2.1"));
    assertThat(texts(app)).contains("Version 2.1");
    assertThat(app.tap(new RunningApp.NodeKey("one", 0))).isEqualTo(RunningApp.Outcome.CRASHED);
  }

  @Test
  void aMistakeIsNamedWithItsPlace() throws IOException {
    assertThatThrownBy(
            () ->
                Screens.read(
                    file(
                        "{\"packages\": {\"a\": {\"start\": \"x\", \"screens\": {\"x\": {\"nodes\": [{\"txet\": \"a\"}]}}}}}")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("screens.json line 1")
        .hasMessageContaining("txet");
    assertThatThrownBy(
            () ->
                Screens.read(
                    file("{\"packages\": {\"a\": {\"start\": \"y\", \"screens\": {\"x\": {}}}}}")))
        .hasMessageContaining("'start' is 'y'");
    assertThatThrownBy(
            () ->
                Screens.read(
                    file(
                        "{\"packages\": {\"a\": {\"start\": \"x\", \"screens\": {\"x\": {\"nodes\": [{\"text\": \"T\", \"tap\": \"z\"}]}}}}}")))
        .hasMessageContaining("leads to 'z'");
  }

  private Path file(String json) throws IOException {
    return Files.writeString(folder.resolve("screens.json"), json);
  }

  private static RunningApp launch(AppData data) {
    return new RunningApp(APIS, APIS + ".ApiDemos", Screens.builtIn().of(APIS, ""), data, Map.of());
  }

  private static void tap(RunningApp app, String text) {
    app.tap(Page.node(element(app, text)).orElseThrow());
  }

  private static void type(RunningApp app, String shown, String text) {
    assertThat(app.type(Page.node(element(app, shown)).orElseThrow(), text)).isTrue();
  }

  private static Element element(RunningApp app, String text) {
    return Page.of(app, 1080, 2400).elements().stream()
        .filter(each -> each.getAttribute("text").equals(text))
        .findFirst()
        .orElseThrow();
  }

  private static java.util.List<String> texts(RunningApp app) {
    return Page.of(app, 1080, 2400).elements().stream()
        .map(each -> each.getAttribute("text"))
        .toList();
  }
}
