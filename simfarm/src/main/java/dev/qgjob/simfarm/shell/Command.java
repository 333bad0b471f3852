package dev.qgjob.simfarm.shell;

import java.util.concurrent.CompletableFuture;

/** A program on the phone. */
@FunctionalInterface
public interface Command {
  /** Runs it; completes when the program would have ended. */
  CompletableFuture<ShellResult> run(Invocation invocation);

  /** A program that answers at once. */
  static Command quick(java.util.function.Function<Invocation, ShellResult> program) {
    return invocation -> CompletableFuture.completedFuture(program.apply(invocation));
  }
}
