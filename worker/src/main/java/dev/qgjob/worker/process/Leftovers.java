package dev.qgjob.worker.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Notes of the process groups that run, in the worker's state folder, so that a worker that starts
 * after another was ended by force can end what that one left.
 */
public final class Leftovers {
  private final Path folder;

  /** Notes below {@code stateDir}. */
  public Leftovers(Path stateDir) throws IOException {
    folder = Files.createDirectories(stateDir.toAbsolutePath().resolve("processes"));
  }

  /**
   * Ends every process group that an earlier worker noted and did not cross out. Called before a
   * slot is used and before anything is started.
   *
   * @return the marks of those of which something was still alive
   */
  public static List<String> endAll(Path stateDir) throws IOException {
    List<String> ended = new ArrayList<>();
    Path folder = stateDir.toAbsolutePath().resolve("processes");
    if (!Files.isDirectory(folder)) {
      return ended;
    }
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder)) {
      for (Path note : notes) {
        String mark = note.getFileName().toString();
        if (endOne(mark, Files.readString(note))) {
          ended.add(mark);
        }
        Files.deleteIfExists(note);
      }
    }
    return ended;
  }

  private static boolean endOne(String mark, String content) {
    String[] parts = content.strip().split(" ", -1);
    boolean alive = !Marks.carrying(mark).isEmpty();
    long group = parts.length > 0 && parts[0].matches("[0-9]{1,18}") ? Long.parseLong(parts[0]) : 0;
    // a number is given out again: the group is ours only while its leader began when we noted it
    boolean ours =
        group > 0
            && parts.length > 1
            && started(group).filter(began -> began.equals(parts[1])).isPresent();
    if (ours) {
      Marks.killGroup(group);
    }
    if (ours || alive) {
      Marks.killAll(0, mark);
    }
    return ours || alive;
  }

  /**
   * Ends every process that works in {@code folder} or below it: the last trace of one that moved
   * to a session of its own, with an environment of its own, before its parent ended. Where there
   * is no {@code /proc} it finds none.
   *
   * @param folder of one run alone
   * @return how many there were
   */
  public static int endIn(Path folder) {
    List<ProcessHandle> found = Marks.in(folder);
    found.forEach(ProcessHandle::destroyForcibly);
    return found.size();
  }

  void note(String mark, long group) throws IOException {
    Files.writeString(folder.resolve(mark), group + " " + started(group).orElse("-"));
  }

  void crossOut(String mark) {
    try {
      Files.deleteIfExists(folder.resolve(mark));
    } catch (IOException e) {
      // the next worker looks, finds nobody and removes it
    }
  }

  private static Optional<String> started(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(handle -> handle.info().startInstant())
        .map(instant -> Long.toString(instant.toEpochMilli()));
  }
}
