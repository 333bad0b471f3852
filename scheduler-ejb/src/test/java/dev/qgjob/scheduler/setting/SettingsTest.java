package dev.qgjob.scheduler.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.artefact.ArtefactLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {
  private static Settings of(Map<String, String> properties, Map<String, String> environment) {
    return Settings.of(properties::get, environment::get);
  }

  @Test
  void everyDefaultIsAPromise() {
    Settings settings = of(Map.of(), Map.of());
    assertThat(settings.home()).isEqualTo(Path.of(".qgjob/server").toAbsolutePath());
    assertThat(settings.blobs()).isEqualTo(Path.of(".qgjob/server/blobs").toAbsolutePath());
    assertThat(settings.leases().lease()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.leases().mostPerClaim()).isEqualTo(16);
    assertThat(settings.limits()).isEqualTo(ArtefactLimits.DEFAULT);
    assertThat(settings.keep()).isEqualTo(Duration.ofDays(90));
  }

  @Test
  void aPropertyGoesBeforeTheEnvironment() {
    Settings settings =
        of(
            Map.of("qgjob.lease", "2s"),
            Map.of("QGJOB_LEASE", "5m", "QGJOB_LIMIT_BLOB", "2GiB", "QGJOB_CLAIM_MOST", "1"));
    assertThat(settings.leases().lease()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.leases().mostPerClaim()).isEqualTo(1);
    assertThat(settings.limits().blobBytes()).isEqualTo(2L << 30);
  }

  @Test
  void whatCannotBeReadIsRefusedByItsName() {
    assertThatThrownBy(() -> of(Map.of("qgjob.lease", "soon"), Map.of()))
        .hasMessage("qgjob.lease is 'soon': give a duration such as 60s, 500ms, 5m, 2h or 90d");
    assertThatThrownBy(() -> of(Map.of("qgjob.keep.pause", "0s"), Map.of()))
        .hasMessage("qgjob.keep.pause is '0s': give 1s at least");
    assertThatThrownBy(() -> of(Map.of(), Map.of("QGJOB_LIMIT_BLOB", "big")))
        .hasMessageStartingWith("qgjob.limit.blob is 'big': give a size");
  }
}
