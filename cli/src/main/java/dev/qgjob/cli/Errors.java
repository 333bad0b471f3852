package dev.qgjob.cli;

import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever stopped a command into one line on stderr and an exit code. */
final class Errors {
  private final Surroundings here;
  private final boolean verbose;

  Errors(Surroundings here, boolean verbose) {
    this.here = here;
    this.verbose = verbose;
  }

  int misused(ParameterException misuse) {
    if (misuse.getCause() instanceof Failure failure) {
      // found while an option's default was looked up: its own words say it, not picocli's around
      return end(misuse, oneLine(failure.getMessage()), failure.code());
    }
    CommandLine command = misuse.getCommandLine();
    if (misuse instanceof MissingParameterException && !command.getUnmatchedArguments().isEmpty()) {
      // a mistyped option is why another one is missing
      return misused(new UnmatchedArgumentException(command, command.getUnmatchedArguments()));
    }
    String help = command.getCommandSpec().qualifiedName(" ") + " --help";
    String said = oneLine(misuse.getMessage()).replaceFirst("^Error: ", "");
    return end(misuse, said + meant(misuse) + " (see " + help + ")", ExitCode.USAGE);
  }

  private static String meant(ParameterException misuse) {
    if (misuse instanceof UnmatchedArgumentException unmatched) {
      List<String> close = unmatched.getSuggestions();
      if (!close.isEmpty()) {
        return "; did you mean " + close.get(0) + "?";
      }
    }
    return "";
  }

  int failed(Exception error) {
    if (error instanceof Failure failure) {
      return end(error, oneLine(failure.getMessage()), failure.code());
    }
    if (error instanceof ApiProblem problem) {
      return end(error, refusal(problem), codeOf(problem.status()));
    }
    if (error instanceof Unreachable) {
      String line = "; check that the server is up and that --server or QGJOB_SERVER is right";
      return end(error, oneLine(error.getMessage()) + line, ExitCode.GENERAL);
    }
    if (error instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
      return end(error, fileTrouble(unchecked.getCause()), ExitCode.GENERAL);
    }
    if (error instanceof IOException trouble) {
      return end(error, fileTrouble(trouble), ExitCode.GENERAL);
    }
    String line = "unexpected " + error.getClass().getSimpleName() + ": " + error.getMessage();
    return end(error, oneLine(line) + (verbose ? "" : " (-v shows where)"), ExitCode.GENERAL);
  }

  /** What the server refuses as wrong input is wrong use; everything else is not. */
  private static ExitCode codeOf(int status) {
    return switch (status) {
      case 400, 413, 422 -> ExitCode.USAGE;
      default -> status >= 500 ? ExitCode.INFRASTRUCTURE : ExitCode.GENERAL;
    };
  }

  private static String refusal(ApiProblem problem) {
    StringBuilder line = new StringBuilder(oneLine(problem.getMessage()));
    if (problem.problem().field() != null) {
      line.append(" [field ").append(problem.problem().field()).append(']');
    }
    if (problem.problem().action() == null && problem.status() == 401) {
      line.append("; the token is missing, wrong, expired or revoked: run qgjob login");
    }
    if (problem.status() >= 500 && problem.problem().correlationId() != null) {
      line.append(" [server log: ").append(problem.problem().correlationId()).append(']');
    }
    return line.toString();
  }

  private static String fileTrouble(IOException trouble) {
    if (trouble instanceof NoSuchFileException file) {
      return file.getFile() + " does not exist";
    }
    if (trouble instanceof AccessDeniedException file) {
      return file.getFile() + " cannot be read or written: permission denied";
    }
    if (trouble instanceof FileSystemException file && file.getReason() != null) {
      return file.getFile() + ": " + file.getReason();
    }
    return oneLine(String.valueOf(trouble.getMessage()));
  }

  private int end(Exception error, String line, ExitCode code) {
    here.err().println("qgjob: " + Plain.of(line));
    if (verbose) {
      error.printStackTrace(here.err());
    }
    return code.number();
  }

  private static String oneLine(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "no reason given" : text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
