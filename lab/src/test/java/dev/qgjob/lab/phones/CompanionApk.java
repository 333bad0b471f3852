package dev.qgjob.lab.phones;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.lab.stack.Command;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A second app: the example's under another package. */
public final class CompanionApk {
  /** As long as the example's, so that it can take its place in the manifest. */
  public static final String PACKAGE = "io.appium.android.mock";

  private CompanionApk() {}

  /** Makes it in a folder of a build of the example, signed with the key that lies beside that. */
  public static Path of(Path build, Path work) throws IOException {
    Path renamed = Files.copy(build, work.resolve("renamed.apk"));
    try (FileSystem zip = FileSystems.newFileSystem(renamed)) {
      Path manifest = zip.getPath("AndroidManifest.xml");
      byte[] bytes = Files.readAllBytes(manifest);
      Files.write(
          manifest, renamed(renamed(bytes, StandardCharsets.UTF_8), StandardCharsets.UTF_16LE));
    }
    Path signed = work.resolve("mock.apk");
    Command.run(
            work,
            Map.of(),
            List.of(
                "apksigner",
                "sign",
                "--ks",
                build.resolveSibling("debug.keystore").toString(),
                "--ks-pass",
                "pass:android",
                "--key-pass",
                "pass:android",
                "--ks-key-alias",
                "debug",
                "--out",
                signed.toString(),
                renamed.toString()),
            120)
        .expectSuccess();
    return signed;
  }

  /** How often phones were given a package, as they count it themselves. */
  public static int installs(JsonNode report, String packageName) {
    int installs = 0;
    for (JsonNode phone : report.path("phones")) {
      for (JsonNode binary : phone.path("binaries")) {
        if (binary.path("packageName").asText().equals(packageName)) {
          installs += binary.path("installs").asInt();
        }
      }
    }
    return installs;
  }

  private static byte[] renamed(byte[] manifest, Charset encoding) {
    String from =
        new String("io.appium.android.apis".getBytes(encoding), StandardCharsets.ISO_8859_1);
    String to = new String(PACKAGE.getBytes(encoding), StandardCharsets.ISO_8859_1);
    return new String(manifest, StandardCharsets.ISO_8859_1)
        .replace(from, to)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
