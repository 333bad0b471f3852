package dev.qgjob.simfarm.browserstack;

import dev.qgjob.simfarm.apk.ApkReader;
import dev.qgjob.simfarm.apk.ApkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The apps that were uploaded, kept as files until the process ends. Thread-safe. */
final class Uploads {
  private final Path folder;
  private final InstantSource clock;
  private final AtomicLong next = new AtomicLong();
  private final Map<String, UploadedApp> apps = new LinkedHashMap<>();
  private int count;

  Uploads(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** What came of an upload. */
  sealed interface Result {
    /** The app can be used. */
    record Kept(UploadedApp app) implements Result {}

    /** The file is no app. */
    record Refused(String reason) implements Result {}
  }

  /** A file of the folder for bytes that arrive. */
  Path scratchFile() {
    return folder.resolve("upload-" + next.incrementAndGet());
  }

  /** Keeps the file as an app, moving it; a refused one is deleted. */
  Result keep(Path arrived, Optional<String> customId) throws IOException {
    ApkResult read = ApkReader.read(arrived);
    if (read instanceof ApkResult.Refused refused) {
      Files.deleteIfExists(arrived);
      return new Result.Refused(refused.reason());
    }
    var apk = ((ApkResult.Read) read).apk();
    String id = ApkReader.digest(arrived, "SHA-1");
    Path file = folder.resolve(id + ".apk");
    Files.move(arrived, file, StandardCopyOption.REPLACE_EXISTING);
    UploadedApp app =
        new UploadedApp(
            id,
            apk.sha256(),
            apk.packageName(),
            apk.versionName(),
            customId,
            file,
            clock.instant());
    synchronized (this) {
      apps.remove(id);
      apps.put(id, app);
      count++;
    }
    return new Result.Kept(app);
  }

  /**
   * The app that a capability names: by its URL, its custom id (the newest one), or as user/custom
   * id.
   */
  synchronized Optional<UploadedApp> find(String name) {
    if (name.startsWith("bs://")) {
      return Optional.ofNullable(apps.get(name.substring("bs://".length())));
    }
    String customId = name.substring(name.lastIndexOf('/') + 1);
    return recent().stream()
        .filter(app -> app.customId().filter(customId::equals).isPresent())
        .findFirst();
  }

  /** Forgets the app with this id. Returns whether there was one. */
  synchronized boolean delete(String id) {
    return apps.remove(id) != null;
  }

  /** All apps, the newest first. */
  synchronized List<UploadedApp> recent() {
    List<UploadedApp> all = new ArrayList<>(apps.values());
    Collections.reverse(all);
    return all;
  }

  /** How many uploads there were. */
  synchronized int count() {
    return count;
  }
}
