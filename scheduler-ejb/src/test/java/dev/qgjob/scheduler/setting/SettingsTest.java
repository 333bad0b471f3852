package dev.qgjob.scheduler.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.artefact.ArtefactLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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
    assertThat(settings.blobs())
        .isEqualTo(new BlobPlace.Folder(Path.of(".qgjob/server/blobs").toAbsolutePath()));
    assertThat(settings.leases().lease()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.leases().mostPerClaim()).isEqualTo(64);
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

  private static final Map<String, String> KEYS =
      Map.of("QGJOB_S3_ACCESS_KEY", "me", "QGJOB_S3_SECRET_KEY", "my-secret");

  private static BlobPlace blobs(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(KEYS);
    environment.putAll(more);
    return of(Map.of(), environment).blobs();
  }

  @Test
  void uploadsLieInAFolderOrInABucket() {
    assertThat(blobs(Map.of("QGJOB_BLOBS", "/srv/blobs")))
        .isEqualTo(new BlobPlace.Folder(Path.of("/srv/blobs")));
    assertThat(blobs(Map.of("QGJOB_BLOBS", "s3://our-blobs")))
        .isEqualTo(
            new BlobPlace.Bucket("our-blobs", "", null, "us-east-1", "me", "my-secret", false));
    Map<String, String> minio =
        Map.of(
            "QGJOB_BLOBS", "s3://our-blobs/qgjob/blobs/",
            "QGJOB_S3_ENDPOINT", "http://minio:9000",
            "QGJOB_S3_REGION", "eu-central-1");
    URI endpoint = URI.create("http://minio:9000");
    assertThat(blobs(minio))
        .isEqualTo(
            new BlobPlace.Bucket(
                "our-blobs", "qgjob/blobs/", endpoint, "eu-central-1", "me", "my-secret", true))
        .hasToString("s3://our-blobs/qgjob/blobs/ at http://minio:9000");
  }

  @Test
  void aSettingOfTheBucketThatIsWrongIsNamedAndNoSecretTold() {
    assertThatThrownBy(() -> blobs(Map.of("QGJOB_BLOBS", "s3://Our_Blobs")))
        .hasMessage(
            "qgjob.blobs is 's3://Our_Blobs': give a folder, or s3://bucket/prefix (the prefix may"
                + " be left out)");
    assertThatThrownBy(() -> blobs(Map.of("QGJOB_BLOBS", "s3://blobs/../x")))
        .hasMessageEndingWith("give a prefix without '..'");
    assertThatThrownBy(() -> of(Map.of("qgjob.blobs", "s3://blobs"), Map.of()))
        .hasMessage(
            "qgjob.blobs is 's3://blobs': QGJOB_S3_ACCESS_KEY is missing: a bucket is used with a"
                + " key");
    for (String wrong : List.of("minio:9000", "http://me:my-secret@minio:9000", "ftp://minio")) {
      assertThatThrownBy(() -> blobs(Map.of("QGJOB_S3_ENDPOINT", wrong)))
          .hasMessageContaining("qgjob.s3.endpoint is '")
          .hasMessageContaining("give an address such as http://minio:9000")
          .hasMessageNotContaining("my-secret");
    }
    assertThatThrownBy(() -> blobs(Map.of("QGJOB_S3_PATH_STYLE", "yes")))
        .hasMessage("qgjob.s3.path.style is 'yes': give true or false");
    assertThat(of(Map.of("qgjob.blobs", "s3://blobs"), KEYS).toString())
        .doesNotContain("my-secret");
  }
}
