package dev.qgjob.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What fish needs to complete qgjob: picocli knows bash and zsh only. */
final class Fish {
  private Fish() {}

  static String script(CommandLine root) {
    StringBuilder text = new StringBuilder("# qgjob for fish: qgjob completion fish | source\n");
    text.append("complete -c qgjob -f\n");
    root.getSubcommands()
        .forEach(
            (name, command) -> {
              one(text, "__fish_use_subcommand", "-a " + name, summary(command.getCommandSpec()));
              inside(text, "__fish_seen_subcommand_from " + name, command);
            });
    return text.toString();
  }

  private static void inside(StringBuilder text, String condition, CommandLine command) {
    command
        .getSubcommands()
        .forEach(
            (name, below) -> {
              one(text, condition, "-a " + name, summary(below.getCommandSpec()));
              inside(text, condition + "; and __fish_seen_subcommand_from " + name, below);
            });
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        one(text, condition, names(option), String.join(" ", option.description()));
      }
    }
  }

  private static String names(OptionSpec option) {
    String names =
        Arrays.stream(option.names())
            .map(
                name ->
                    name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1))
            .collect(Collectors.joining(" "));
    return option.arity().max() == 0 ? names : names + " -r" + (isFile(option) ? " -F" : "");
  }

  private static boolean isFile(OptionSpec option) {
    return option.paramLabel().matches("FILE|DIR|APK|SPEC");
  }

  private static String summary(CommandSpec command) {
    String[] description = command.usageMessage().description();
    return description.length == 0 ? "" : description[0];
  }

  private static void one(StringBuilder text, String condition, String what, String description) {
    text.append("complete -c qgjob -n '")
        .append(condition)
        .append("' ")
        .append(what)
        .append(" -d '")
        .append(description.replace("%n", " ").replace("\\", "\\\\").replace("'", "\\'"))
        .append("'\n");
  }
}
