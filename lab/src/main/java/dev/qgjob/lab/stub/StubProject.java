package dev.qgjob.lab.stub;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.submit.AppFile;
import dev.qgjob.protocol.submit.RunSubmission;
import dev.qgjob.protocol.testing.Apk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a submission for stub workers needs: a bundle that nobody opens and an app that nobody
 * installs, uploaded for one org. Immutable.
 *
 * @param app the one build of every app version that is submitted with it
 */
public record StubProject(String bundleSha256, AppFile app) {

  /**
   * Uploads both with a submitter's token.
   *
   * @param packageName the app's, and what makes it another app
   * @param folder for the two files on their way
   * @param abis that the app has native code for
   */
  public static StubProject upload(
      ApiClient submitter, String packageName, Path folder, String... abis) throws IOException {
    byte[] bundle = "nobody unpacks this".getBytes(StandardCharsets.UTF_8);
    byte[] apk = Apk.of(packageName, "1.0", abis);
    put(submitter, bundle, folder);
    put(submitter, apk, folder);
    return new StubProject(sha256(bundle), new AppFile(sha256(apk), "stub.apk"));
  }

  private static void put(ApiClient submitter, byte[] blob, Path folder) throws IOException {
    Path file = Files.createTempFile(Files.createDirectories(folder), "blob", ".tmp");
    try {
      Files.write(file, blob);
      submitter.put("/blobs/" + sha256(blob), file, "application/octet-stream", Map.of());
    } finally {
      Files.delete(file);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A run of these specs, whose names say what they do. */
  public RunSubmission run(String appVersionId, List<String> tests, int timeoutS) {
    return new RunSubmission(
        null,
        appVersionId,
        app,
        null,
        null,
        bundleSha256,
        ".",
        "appwright.config.js",
        "stub",
        List.of(Target.EMULATOR),
        null,
        null,
        tests,
        null,
        null,
        null,
        null,
        timeoutS,
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        Map.of(),
        null,
        null,
        null,
        null);
  }
}
