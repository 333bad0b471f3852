package dev.qgjob.cli.bundle;

import dev.qgjob.cli.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What git says of a folder. */
final class Git {
  private Git() {}

  /**
   * The working tree that {@code folder} belongs to; empty where there is none, or no git to ask.
   *
   * @throws Failure where there is one, but git will not speak of it
   */
  static Optional<Path> top(Path folder) throws IOException {
    if (!below(folder)) {
      return Optional.empty();
    }
    Answer answer = ask(folder, "rev-parse", "--show-toplevel");
    if (answer == null) {
      return Optional.empty();
    }
    if (answer.code != 0) {
      throw Failure.general("git does not show the project's files: " + answer.text, null);
    }
    return Optional.of(Path.of(answer.text.strip()).toRealPath());
  }

  /** Tracked files and new ones, but not ignored ones, below {@code folder} and relative to it. */
  static List<String> files(Path folder, String... only) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("ls-files", "-z", "--cached", "--others", "--exclude-standard"));
    command.add("--");
    command.addAll(only.length == 0 ? List.of(".") : List.of(only));
    Answer answer = ask(folder, command.toArray(String[]::new));
    if (answer == null || answer.code != 0) {
      throw Failure.general(
          "git does not list the project's files: " + (answer == null ? "gone" : answer.text),
          null);
    }
    return Stream.of(answer.text.split("\0")).filter(name -> !name.isEmpty()).toList();
  }

  private static boolean below(Path folder) {
    for (Path at = folder; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"))) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Answer ask(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile("qgjob-git", ".err");
    try {
      Process git;
      try {
        git = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      } catch (IOException e) {
        return null; // no git on this machine
      }
      git.getOutputStream().close();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = git.waitFor();
      return new Answer(code, code == 0 ? text : Files.readString(errors).strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.general("interrupted", e);
    } finally {
      Files.deleteIfExists(errors);
    }
  }

  private record Answer(int code, String text) {}
}
