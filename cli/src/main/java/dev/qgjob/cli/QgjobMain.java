package dev.qgjob.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process {@code qgjob}. */
public final class QgjobMain {
  private QgjobMain() {}

  public static void main(String[] args) {
    Surroundings here =
        new Surroundings(
            utf8(new UntilHungUp(new FileOutputStream(FileDescriptor.out))),
            utf8(new FileOutputStream(FileDescriptor.err)),
            System.in,
            System.getenv(),
            Path.of("").toAbsolutePath(),
            Time.system(),
            terminal(),
            Manner.of(System.getenv()));
    int code = Start.run(here, args);
    here.out().flush();
    here.err().flush();
    System.exit(code);
  }

  private static PrintStream utf8(OutputStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  /** Java cannot ask whether stderr alone is a terminal; Linux can. CI's terminals are nobody's. */
  private static boolean terminal() {
    if (System.getenv("CI") != null || "dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      String stderr = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return stderr.startsWith("/dev/pts/") || stderr.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      Console console = System.console();
      return console != null;
    }
  }
}
