package dev.qgjob.scheduler.artefact;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.scheduler.setting.BlobPlace;
import dev.qgjob.scheduler.setting.Settings;

/** Where this server's bytes lie, as its settings say: one store for all of its beans. */
public final class Blobs {
  private static final class Current {
    static final BlobStore STORE = of(Settings.current());
  }

  private Blobs() {}

  public static BlobStore current() {
    return Current.STORE;
  }

  static BlobStore of(Settings settings) {
    if (settings.blobs() instanceof BlobPlace.Bucket bucket) {
      return new BucketBlobs(bucket, settings.home().resolve("incoming"));
    }
    return new BlobFiles(((BlobPlace.Folder) settings.blobs()).path());
  }
}
