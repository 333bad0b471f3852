package dev.qgjob.simfarm.uiautomator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.simfarm.screen.AppData;
import dev.qgjob.simfarm.screen.Page;
import dev.qgjob.simfarm.screen.RunningApp;
import dev.qgjob.simfarm.screen.Screens;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FinderTest {
  private static final String APIS = "io.appium.android.apis";
  private final Page page =
      Page.of(
          new RunningApp(
              APIS, APIS + ".ApiDemos", Screens.builtIn().of(APIS, ""), new AppData(), Map.of()),
          1080,
          2400);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text(\"App\") | App",
        "new UiSelector().text(\"App\") | App",
        "new UiSelector().textContains(\"nima\"); | Animation",
        "textContains(\"NIMA\") | Animation",
        "textStartsWith(\"Acc\") | Accessibility",
        "textMatches(\"N.C\") | NFC",
        "description(\"Views\") | Views",
        "descriptionContains(\"iew\") | Views",
        "resourceId(\"android:id/text1\").instance(2) | App",
        "className(\"android.widget.TextView\").text(\"OS\") | OS",
        "resourceIdMatches(\".*:id/text1\").text(\"Text\").clickable(true) | Text",
        "new UiScrollable(new UiSelector().scrollable(true)).scrollIntoView(new UiSelector().text(\"Views\")) | Views",
      })
  void understandsUiSelector(String selector, String expected) throws WebDriverException {
    assertThat(texts("-android uiautomator", selector)).containsExactly(expected);
  }

  @Test
  void aWholeMatchIsWantedWhereUiAutomatorWantsOne() throws WebDriverException {
    assertThat(texts("-android uiautomator", "resourceIdMatches(\"text1\")")).isEmpty();
    assertThat(texts("-android uiautomator", "textMatches(\"nima\")")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text(",
        "text(\"a",
        "nonsense",
        "text(\"a\") text(\"b\")",
        "childSelector(text(\"a\"))",
        "textMatches(\"(\")",
        "instance(\"x\")"
      })
  void refusesWhatItCannotRead(String selector) {
    assertThatThrownBy(() -> texts("-android uiautomator", selector))
        .isInstanceOfSatisfying(
            WebDriverException.class, e -> assertThat(e.error()).isEqualTo("invalid selector"));
  }

  @Test
  void findsByXPathIdAndAccessibilityId() throws WebDriverException {
    assertThat(texts("xpath", "//android.widget.TextView[@text='OS']")).containsExactly("OS");
    assertThat(texts("xpath", "/hierarchy/android.widget.FrameLayout//*[@content-desc='NFC']"))
        .containsExactly("NFC");
    assertThat(texts("xpath", "//*")).hasSizeGreaterThan(11);
    assertThat(texts("id", "android:id/text1")).hasSize(11);
    assertThat(texts("accessibility id", "Media")).containsExactly("Media");
    assertThat(texts("class name", "android.widget.ListView")).containsExactly("");
    assertThatThrownBy(() -> texts("xpath", "//[")).isInstanceOf(WebDriverException.class);
  }

  @Test
  void findsOnlyWithinAnElement() throws WebDriverException {
    var title = page.find("title");

    assertThat(Finder.find(page, "xpath", "//*", title)).isEmpty();
    assertThat(Finder.find(page, "-android uiautomator", "text(\"App\")", page.find("list")))
        .hasSize(1);
  }

  private List<String> texts(String strategy, String selector) throws WebDriverException {
    return Finder.find(page, strategy, selector, Optional.empty()).stream()
        .map(each -> each.getAttribute("text"))
        .toList();
  }
}
