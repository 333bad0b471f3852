package dev.qgjob.simfarm.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line, taken apart: pipelines joined by {@code ;}, {@code &&} and {@code ||}; single and
 * double quotes, backslashes, {@code $?}, and output sent to a file or joined. What a real shell
 * can beyond that is taken literally.
 *
 * @param steps in order
 */
public record ShellLine(List<Step> steps) {
  /** Copies the steps. */
  public ShellLine {
    steps = List.copyOf(steps);
  }

  /** When a step runs. */
  public enum When {
    /** In any case. */
    ALWAYS,
    /** If the step before succeeded. */
    AFTER_SUCCESS,
    /** If the step before failed. */
    AFTER_FAILURE
  }

  /** A pipeline and when it runs. */
  public record Step(When when, List<Program> pipeline) {
    /** Copies the pipeline. */
    public Step {
      pipeline = List.copyOf(pipeline);
    }
  }

  /**
   * One program of a pipeline.
   *
   * @param words name and arguments; {@link #LAST_CODE} stands for the last exit code
   * @param outTo file that gets the output, or empty for the pipe or console
   * @param append whether the file is kept and added to
   * @param errTo where the error output goes
   */
  public record Program(List<String> words, String outTo, boolean append, Errors errTo) {
    /** Copies the words. */
    public Program {
      words = List.copyOf(words);
    }
  }

  /** Where error output goes. */
  public enum Errors {
    /** To the console. */
    CONSOLE,
    /** To where the output goes. */
    WITH_OUTPUT,
    /** Nowhere. */
    NOWHERE
  }

  /** The word that stands for the exit code of the step before. */
  public static final String LAST_CODE = "\0?";

  /** Takes a line apart. Never fails: an open quote ends with the line. */
  public static ShellLine parse(String line) {
    return new Parser(line).parse();
  }

  private static final class Parser {
    private final String line;
    private int at;
    private final List<Step> steps = new ArrayList<>();
    private final List<Program> pipeline = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private When when = When.ALWAYS;
    private String outTo = "";
    private boolean append;
    private Errors errTo = Errors.CONSOLE;

    Parser(String line) {
      this.line = line;
    }

    ShellLine parse() {
      while (at < line.length()) {
        char c = line.charAt(at);
        switch (c) {
          case ' ', '\t', '\r' -> {
            endWord();
            at++;
          }
          case '\n', ';' -> endStep(When.ALWAYS, 1);
          case '\'' -> quoted('\'');
          case '"' -> quoted('"');
          case '\\' -> escaped();
          case '&' -> ampersand();
          case '|' -> bar();
          case '>' -> redirect("1");
          case '<' -> input();
          case '$' -> dollar();
          default -> plain(c);
        }
      }
      endStep(When.ALWAYS, 0);
      return new ShellLine(steps);
    }

    private void plain(char c) {
      if ((c == '1' || c == '2') && !inWord && line.startsWith(">", at + 1)) {
        at++;
        redirect(String.valueOf(c));
        return;
      }
      add(c);
      at++;
    }

    private void add(char c) {
      word.append(c);
      inWord = true;
    }

    private void quoted(char quote) {
      inWord = true;
      at++;
      while (at < line.length() && line.charAt(at) != quote) {
        char c = line.charAt(at);
        if (quote == '"' && c == '\\' && at + 1 < line.length()) {
          at++;
          c = line.charAt(at);
        }
        word.append(c);
        at++;
      }
      at++;
    }

    private void escaped() {
      at++;
      if (at < line.length()) {
        add(line.charAt(at));
        at++;
      }
    }

    private void dollar() {
      if (line.startsWith("$?", at)) {
        word.append(LAST_CODE);
        inWord = true;
        at += 2;
      } else {
        add('$');
        at++;
      }
    }

    private void ampersand() {
      if (line.startsWith("&&", at)) {
        endStep(When.AFTER_SUCCESS, 2);
      } else {
        endStep(When.ALWAYS, 1);
      }
    }

    private void bar() {
      if (line.startsWith("||", at)) {
        endStep(When.AFTER_FAILURE, 2);
      } else {
        endProgram();
        at++;
      }
    }

    private void redirect(String channel) {
      endWord();
      at++;
      boolean more = line.startsWith(">", at);
      if (more) {
        at++;
      }
      if (line.startsWith("&1", at) || line.startsWith("&2", at)) {
        at += 2;
        errTo = channel.equals("2") ? Errors.WITH_OUTPUT : errTo;
        return;
      }
      String file = target();
      if (channel.equals("2")) {
        errTo = Errors.NOWHERE;
      } else {
        outTo = file;
        append = more;
      }
    }

    /** A file as input is skipped: no command here reads one. */
    private void input() {
      endWord();
      at++;
      target();
    }

    private String target() {
      while (at < line.length() && line.charAt(at) == ' ') {
        at++;
      }
      int from = at;
      while (at < line.length() && " \t;|&<>\n".indexOf(line.charAt(at)) < 0) {
        at++;
      }
      return line.substring(from, at).replaceAll("['\"]", "");
    }

    private void endWord() {
      if (inWord) {
        words.add(word.toString());
        word.setLength(0);
        inWord = false;
      }
    }

    private void endProgram() {
      endWord();
      if (!words.isEmpty()) {
        pipeline.add(new Program(words, outTo, append, errTo));
      }
      words.clear();
      outTo = "";
      append = false;
      errTo = Errors.CONSOLE;
    }

    private void endStep(When next, int length) {
      endProgram();
      if (!pipeline.isEmpty()) {
        steps.add(new Step(when, pipeline));
      }
      pipeline.clear();
      when = next;
      at += length;
    }
  }
}
