package dev.qgjob.client.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppWrightShapeTest {
  private static final String PROVIDER =
      """
      class Provider {
          async getDevice() {
              return await this.createDriver();
          }
          async createConfig() {
              return {};
          }
      }
      """;

  @TempDir Path project;

  private Path install(String name) throws IOException {
    Path root = project.resolve("node_modules").resolve(name);
    write(root, "package.json", "{\"name\":\"" + name + "\",\"version\":\"0.1.46\"}");
    write(root, "dist/fixture/index.js", "");
    write(root, "dist/config.js", "exports.defineConfig = defineConfig;");
    write(root, "dist/providers/appium.js", "exports.startAppiumServer = startAppiumServer;");
    write(root, "dist/providers/emulator/index.js", PROVIDER);
    write(root, "dist/providers/local/index.js", PROVIDER);
    return root;
  }

  private static void write(Path root, String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void theUsualShapeIsKnownWhateverTheVersion() throws IOException {
    install("appwright");

    assertThat(AppWrightShape.check(project))
        .isEqualTo(new AppWrightShape.Known("appwright", "0.1.46"));
    assertThat(AppWrightShape.refusal(project)).isEmpty();
  }

  @Test
  void soIsAForkOfThatShape() throws IOException {
    install("@someone/appwright");

    assertThat(AppWrightShape.check(project)).isInstanceOf(AppWrightShape.Known.class);
  }

  @Test
  void itIsFoundAboveTheProject() throws IOException {
    install("appwright");
    Path below = Files.createDirectories(project.resolve("packages/e2e"));

    assertThat(AppWrightShape.check(below)).isInstanceOf(AppWrightShape.Known.class);
  }

  @Test
  void anUnknownShapeIsRefusedWithWhatIsMissing() throws IOException {
    Path root = install("appwright");
    write(root, "dist/providers/emulator/index.js", "class Provider { open() {} }");
    Files.delete(root.resolve("dist/providers/appium.js"));

    assertThat(AppWrightShape.refusal(project))
        .get()
        .asString()
        .contains(
            "appwright 0.1.46",
            "there is no dist/providers/appium.js",
            "emulator/index.js has no createConfig",
            "--stock");
  }

  @Test
  void withoutAnInstalledPackageItCannotBeTold() throws IOException {
    assertThat(AppWrightShape.check(project)).isEqualTo(new AppWrightShape.NotInstalled());
    assertThat(AppWrightShape.refusal(project)).isEmpty();
  }
}
