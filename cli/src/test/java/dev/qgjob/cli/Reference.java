package dev.qgjob.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Part of the build: the manual, made from what the commands say of themselves. */
public final class Reference {
  private static final int WIDTH = 100;

  private Reference() {}

  /**
   * Writes the man pages of all commands as AsciiDoc.
   *
   * @param args the folder for them
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int code =
        ManPageGenerator.generateManPage(
            folder.toFile(), null, new boolean[0], true, whole().getCommandSpec());
    if (code != 0) {
      throw new IOException("no man pages: picocli's generator ended with " + code);
    }
  }

  /** All commands, as in a place without settings. */
  private static CommandLine whole() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return Qgjob.whole(
            new Surroundings(
                nowhere,
                nowhere,
                new ByteArrayInputStream(new byte[0]),
                Map.of("HOME", "/nowhere", "NO_COLOR", "1"),
                Path.of("/"),
                new Process.TestTime(),
                false,
                Manner.of(Map.of())))
        .setUsageHelpWidth(WIDTH);
  }

  /** One page with the help of every command. */
  static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # The commands of qgjob

            Made from the commands' own help by a test; [cli](cli.md) explains.
            """);
    add(page, whole(), "qgjob");
    return page.toString();
  }

  private static void add(StringBuilder page, CommandLine command, String name) {
    page.append("\n## ").append(name).append("\n\n```text\n");
    page.append(command.getUsageMessage(Ansi.OFF).stripTrailing().replaceAll("[ \\t]+\\n", "\n"));
    page.append("\n```\n");
    command.getSubcommands().forEach((sub, line) -> add(page, line, name + " " + sub));
  }
}
