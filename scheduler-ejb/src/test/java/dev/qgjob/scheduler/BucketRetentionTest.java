package dev.qgjob.scheduler;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.scheduler.artefact.BucketBlobs;
import dev.qgjob.scheduler.setting.BlobPlace.Bucket;
import dev.qgjob.scheduler.testing.BucketMain;
import dev.qgjob.scheduler.testing.TestDatabase;
import java.net.URI;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The same where the bytes lie in a bucket; the one here keeps them in the folder of the test. */
final class BucketRetentionTest extends DatabaseRetention {
  @TempDir Path incoming;
  private S3Proxy server;

  @Override
  TestDatabase database() {
    return TestDatabase.h2();
  }

  @Override
  BlobStore blobs(Path folder) {
    try {
      server = BucketMain.start(0, folder.getParent(), folder.getFileName().toString());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    URI endpoint = URI.create("http://127.0.0.1:" + server.getPort());
    return new BucketBlobs(
        new Bucket(
            folder.getFileName().toString(),
            "",
            endpoint,
            "us-east-1",
            BucketMain.ACCESS_KEY,
            BucketMain.SECRET_KEY,
            true),
        incoming);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }
}
