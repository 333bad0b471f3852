package dev.qgjob.worker.appium;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.worker.process.Children;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppiumServersTest {
  /** Leaves as many questions without an answer as the file {@code silent} says, if it is there. */
  private static final String APPIUM =
      """
      const fs = require('node:fs'), path = require('node:path');
      const silent = path.join(__dirname, 'silent');
      const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
      require('node:http').createServer((request, response) => {
        const left = fs.existsSync(silent) ? Number(fs.readFileSync(silent, 'utf8')) : 0;
        if (left > 0) return fs.writeFileSync(silent, String(left - 1));
        response.end('{}');
      }).listen(port, '127.0.0.1', () => console.log('REST http interface listener started'));
      """;

  @TempDir Path folder;

  /** It is the Appium of all slots: what runs on the others would end with it. */
  @Test
  void oneThatIsSlowToAnswerOnABusyHostIsNotEnded() throws Exception {
    Path program = Files.createDirectories(folder.resolve("node_modules/appium"));
    Files.writeString(program.resolve("index.js"), APPIUM);
    Files.writeString(program.resolve("package.json"), "{\"version\": \"2.19.0\"}");
    Children children = new Children("node", folder.resolve("state"));
    Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));
    try (AppiumServers servers =
        new AppiumServers(children, folder.resolve("state"), environment, Duration.ofSeconds(60))) {
      AppiumServer.Address first = servers.ensure(folder);
      Files.writeString(program.resolve("silent"), "2");
      assertThat(servers.ensure(folder)).isEqualTo(first);
      assertThat(program.resolve("silent")).hasContent("0");
    }
  }
}
