package dev.qgjob.api.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WatcherLimitsTest {
  private static WatcherLimits of(Map<String, String> properties, Map<String, String> environment) {
    return WatcherLimits.of(properties::get, environment::get);
  }

  @Test
  void aPropertyOutweighsTheEnvironmentWhichOutweighsWhatHoldsElse() {
    assertThat(of(Map.of(), Map.of())).isEqualTo(WatcherLimits.DEFAULT);
    assertThat(of(Map.of(), Map.of("QGJOB_LIMIT_WATCHERS", " 7 ")).inAll()).isEqualTo(7);
    assertThat(
            of(
                Map.of("qgjob.limit.watchers.org", "5"),
                Map.of("QGJOB_LIMIT_WATCHERS_ORG", "6", "QGJOB_LIMIT_WATCHERS", "")))
        .isEqualTo(new WatcherLimits(5, WatcherLimits.DEFAULT.inAll()));
  }

  @Test
  void whatIsNoNumberOfStreamsIsNamed() {
    for (String text : new String[] {"-1", "many", "1e3", "9999999"}) {
      assertThatThrownBy(() -> of(Map.of("qgjob.limit.watchers", text), Map.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("qgjob.limit.watchers is '" + text + "'");
    }
  }
}
