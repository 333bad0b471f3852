package dev.qgjob.cli.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.project.AppWrightConfig.Entry;
import dev.qgjob.cli.submit.Project;
import dev.qgjob.protocol.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real node; nothing is installed in these projects. */
class ConfigReaderTest {
  private static final Entry ANDROID =
      new Entry("android", "android", "emulator", "builds/app.apk");
  private static final String ESM =
      """
      import { defineConfig, Platform } from 'appwright';
      export default defineConfig({
        projects: [{ name: 'android', use: { platform: Platform.ANDROID, device: { provider: 'emulator' }, buildPath: 'builds/app.apk' } }],
      });
      """;

  @TempDir Path folder;
  private Project project;
  private final Map<String, String> env = new HashMap<>(System.getenv());

  @BeforeEach
  void start() {
    project = new Project(folder);
  }

  private AppWrightConfig read(String config) throws IOException {
    return new ConfigReader(env, Duration.ofSeconds(30))
        .read(AppWrightProject.find(folder, config));
  }

  @Test
  void commonJs() throws IOException {
    for (String name : List.of("appwright.config.js", "appwright.config.cjs")) {
      project.file(name, Project.CONFIG);
      assertThat(read(name).projects())
          .extracting(Entry::name)
          .containsExactly("android", "shelf", "cloud");
    }
    assertThat(read("appwright.config.js").targets())
        .containsExactly(Target.EMULATOR, Target.DEVICE, Target.BROWSERSTACK);
  }

  @Test
  void ecmaScriptModules() throws IOException {
    for (String name :
        List.of("appwright.config.js", "appwright.config.mjs", "appwright.config.ts")) {
      project.file(name, ESM);
      assertThat(read(name).projects()).as(name).containsExactly(ANDROID);
    }
    project.file("package.json", "{\"type\":\"module\"}");
    assertThat(read("appwright.config.js").projects()).containsExactly(ANDROID);
    assertThat(read("appwright.config.ts").projects()).containsExactly(ANDROID);
  }

  @Test
  void importsOfItsOwnAsPlaywrightAllowsThem() throws IOException {
    project
        .file("settings/names.ts", "export const name = 'android';\n")
        .file("settings/more.js", "exports.provider = 'emulator';\n")
        .file("data.json", "{\"build\":\"builds/app.apk\"}")
        .file(
            "appwright.config.ts",
            """
            import path from 'path';
            import { defineConfig } from "appwright";
            import { name } from './settings/names';
            import data from './data.json';
            const { provider } = require('./settings/more');
            const here = path.basename(__dirname);
            export default defineConfig({
              projects: [{ name, use: { platform: 'android', device: { provider }, buildPath: here && data.build } }],
            });
            """);

    assertThat(read(null).projects()).containsExactly(ANDROID);
  }

  @Test
  void readsAroundPackagesThatAreNotInstalled() throws IOException {
    project.file(
        "appwright.config.js",
        "import 'dotenv/config';\nimport dotenv, { parse as p } from 'not-there';\n"
            + "dotenv.config({ path: 'x' }); p();\n"
            + ESM);

    AppWrightConfig config = read(null);

    assertThat(config.projects()).containsExactly(ANDROID);
    assertThat(config.missing()).containsExactlyInAnyOrder("dotenv/config", "not-there");
  }

  @Test
  void requiresThatAreNotInstalled() throws IOException {
    project.file("appwright.config.cjs", "require('dotenv').config();\n" + Project.CONFIG);

    AppWrightConfig config = read(null);

    assertThat(config.projects()).hasSize(3);
    assertThat(config.missing()).containsExactly("dotenv");
  }

  @Test
  void typesNeedSomethingThatCanReadThem() throws IOException {
    project
        .file(
            "appwright.config.ts",
            ESM.replace("export default", "const n: number = 1;\nexport default"))
        .file("package.json", "{}");

    try {
      assertThat(read(null).projects()).containsExactly(ANDROID); // node 22.13 and newer
    } catch (Failure e) {
      assertThat(e).hasMessageContaining("it is TypeScript").hasMessageContaining("npm ci");
    }
  }

  @Test
  void typesAreReadWithTheProjectsTypeScript() throws IOException {
    // a stand-in that shows whether it is asked: the real one is 20 MB
    project
        .file(
            "appwright.config.ts",
            ESM.replace("export default", "const n: number = 1;\nexport default"))
        .file("node_modules/typescript/package.json", "{\"main\":\"index.js\"}")
        .file(
            "node_modules/typescript/index.js",
            "exports.ModuleKind = {}; exports.ScriptTarget = {};"
                + "exports.transpileModule = (s) => ({ outputText: s.replace(': number', '') });");

    assertThat(read(null).projects()).containsExactly(ANDROID);
  }

  @Test
  void whatItPrintsDoesNotMatter() throws IOException {
    project.file("appwright.config.js", "console.log('{}'); console.error('x');\n" + ESM);
    assertThat(read(null).projects()).containsExactly(ANDROID);
  }

  @Test
  void itDoesNotSeeQgjobsToken() throws IOException {
    env.put("QGJOB_TOKEN", "secret");
    env.put("NAME", "android");
    project.file(
        "appwright.config.js",
        ESM.replace("name: 'android'", "name: process.env.QGJOB_TOKEN ?? process.env.NAME"));
    assertThat(read(null).projects()).containsExactly(ANDROID);
  }

  @Test
  void whatIsWrongIsSaid() {
    project
        .file("throws.js", "throw new Error('no BUILD_NUMBER set');")
        .file("syntax.mjs", "export default {")
        .file("nothing.mjs", "export const x = 1;")
        .file("null.cjs", "module.exports = null;")
        .file("lost.mjs", "import './gone.js'; export default {};");

    assertThatThrownBy(() -> read("throws.js"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("throws.js cannot be read: no BUILD_NUMBER set");
    assertThatThrownBy(() -> read("syntax.mjs")).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> read("null.cjs")).hasMessageContaining("exports no config");
    assertThatThrownBy(() -> read("nothing.mjs")).hasMessageContaining("exports no config");
    assertThatThrownBy(() -> read("lost.mjs")).hasMessageContaining("gone.js");
  }

  @Test
  void whatNeverEndsIsEnded() {
    project.file("appwright.config.js", "console.log('connecting'); while (true) {}");

    assertThatThrownBy(
            () ->
                new ConfigReader(env, Duration.ofSeconds(2))
                    .read(AppWrightProject.find(folder, null)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("did not end within 2 s")
        .hasMessageContaining("connecting");
  }

  @Test
  void anIosProjectRunsOnlyAtBrowserStack() {
    assertThat(new Entry("ios", "ios", "emulator", null).target()).isEmpty();
    assertThat(new Entry("ios", "ios", "browserstack", null).target())
        .contains(Target.BROWSERSTACK);
    assertThat(new Entry("x", "android", "lambdatest", null).target()).isEmpty();
  }
}
