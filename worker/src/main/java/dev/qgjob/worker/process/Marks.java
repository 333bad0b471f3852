package dev.qgjob.worker.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends processes by their group and by a mark in their environment.
 *
 * <p>The mark finds those that left the group and lost their parent; it can be read on Linux only.
 * Elsewhere the group has to do.
 */
final class Marks {
  static final String VARIABLE = "QGJOB_MARK";

  private static final Path PROC = Path.of("/proc");

  private Marks() {}

  /** All living processes with this mark. */
  static List<ProcessHandle> carrying(String mark) {
    List<ProcessHandle> found = new ArrayList<>();
    String needle = VARIABLE + "=" + mark + "\0";
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        try {
          String environment =
              Files.readString(entry.resolve("environ"), StandardCharsets.ISO_8859_1);
          if (environment.contains(needle)) {
            ProcessHandle.of(Long.parseLong(entry.getFileName().toString())).ifPresent(found::add);
          }
        } catch (IOException e) {
          // gone, or somebody else's
        }
      }
    } catch (IOException e) {
      return found; // no /proc here
    }
    return found;
  }

  /** All living processes that have this folder, or one below it, as their own. */
  static List<ProcessHandle> in(Path folder) {
    List<ProcessHandle> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      Path real = folder.toRealPath();
      for (Path entry : entries) {
        try {
          if (Files.readSymbolicLink(entry.resolve("cwd")).startsWith(real)) {
            ProcessHandle.of(Long.parseLong(entry.getFileName().toString())).ifPresent(found::add);
          }
        } catch (IOException e) {
          // gone, or somebody else's
        }
      }
    } catch (IOException e) {
      return found; // no such folder, or no /proc here
    }
    return found;
  }

  /** Ends the group, at once and without a chance to answer. */
  static void killGroup(long group) {
    if (group <= 1) {
      return;
    }
    try {
      // Java knows no process groups; the shell's own kill needs no program installed
      Process kill =
          new ProcessBuilder("/bin/sh", "-c", "kill -9 \"-$1\"", "sh", Long.toString(group))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      kill.waitFor();
    } catch (IOException e) {
      ProcessHandle.of(group).ifPresent(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends group and marked ones until none is left, or two rounds found some. */
  static void killAll(long group, String mark) {
    killGroup(group);
    for (int round = 0; round < 3; round++) {
      List<ProcessHandle> left = carrying(mark);
      if (left.isEmpty()) {
        return;
      }
      left.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
