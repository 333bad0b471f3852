package dev.qgjob.cli.submit;

import dev.qgjob.protocol.testing.Apk;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes AppWright projects in a folder. */
public final class Project {
  public static final String CONFIG =
      """
      const { defineConfig, Platform } = require('appwright');
      module.exports = defineConfig({
        projects: [
          { name: 'android', use: { platform: Platform.ANDROID, device: { provider: 'emulator' }, buildPath: 'builds/app.apk' } },
          { name: 'shelf', use: { platform: Platform.ANDROID, device: { provider: 'local-device' } } },
          { name: 'cloud', use: { platform: Platform.ANDROID, device: { provider: 'browserstack', name: 'Pixel 8', osVersion: '14' }, buildPath: 'bs://abc' } },
        ],
      });
      """;

  private final Path root;

  public Project(Path root) {
    this.root = root;
  }

  /** A small project with three specs. */
  public static Project usual(Path root) {
    return new Project(root)
        .file("appwright.config.js", CONFIG)
        .file("package.json", "{\"private\":true}\n")
        .file("tests/onboarding.spec.js", "// onboarding\n")
        .file("tests/login.spec.js", "// login\n")
        .file("tests/deep/er/cart.spec.ts", "// cart\n");
  }

  public Path root() {
    return root;
  }

  public Project file(String name, String text) {
    try {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A zip with this entry. */
  public Project zip(String name, String entry) {
    Path file = file(name, "").root.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(name.getBytes(StandardCharsets.UTF_8));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An APK that can be read: of this package, with native code for these. */
  public Project apk(String name, String packageName, String... abis) {
    try {
      Files.write(file(name, "").root.resolve(name), Apk.of(packageName, "1.0", abis));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Project apk(String name) {
    return zip(name, "AndroidManifest.xml");
  }

  public Project git(String... arguments) {
    List<String> command = new java.util.ArrayList<>(List.of("git", "-C", root.toString()));
    command.addAll(List.of(arguments));
    try {
      Process git =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (git.waitFor() != 0) {
        throw new AssertionError(command + " failed");
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
