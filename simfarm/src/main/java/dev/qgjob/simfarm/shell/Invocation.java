package dev.qgjob.simfarm.shell;

import java.util.List;
import java.util.Optional;

/**
 * One command as typed.
 *
 * @param words name and arguments, quotes removed
 * @param stdin what a pipe delivers, or nothing
 */
public record Invocation(List<String> words, String stdin, Console console) {
  /** Copies the words. */
  public Invocation {
    words = List.copyOf(words);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("a command needs a name");
    }
  }

  /** The command's name. */
  public String name() {
    return words.get(0);
  }

  /** The word at this place, counted from 0 for the name; empty if there are fewer. */
  public String word(int at) {
    return at < words.size() ? words.get(at) : "";
  }

  /** The words after the first {@code n}. */
  public List<String> after(int n) {
    return words.subList(Math.min(n, words.size()), words.size());
  }

  /** The arguments that are no options, after the first {@code n} words. */
  public List<String> operands(int n) {
    return after(n).stream().filter(word -> !word.startsWith("-")).toList();
  }

  /** Whether an option is given. */
  public boolean has(String option) {
    return words.contains(option);
  }

  /** The word after an option. */
  public Optional<String> option(String option) {
    int at = words.indexOf(option);
    return at >= 0 && at + 1 < words.size() ? Optional.of(words.get(at + 1)) : Optional.empty();
  }
}
