package dev.qgjob.worker.run;

import dev.qgjob.protocol.FailureKind;
import java.util.Optional;

/** How an attempt ended. */
public sealed interface Outcome {
  /** Tests, artefacts, counts and times. */
  Details details();

  /** One line: what happened, where, what to do. */
  String message();

  /** Whose fault it was; empty for a pass and for a cancelled job. */
  Optional<FailureKind> kind();

  /** Whether it speaks against the slot: what it ran on broke, and not for what was run. */
  default boolean brokeTheSlot() {
    return false;
  }

  /** At least one test was executed, and all that were executed did as expected. */
  record Passed(Details details) implements Outcome {
    @Override
    public String message() {
      return details.tests().size() + " passed";
    }

    @Override
    public Optional<FailureKind> kind() {
      return Optional.empty();
    }
  }

  /** At least one test failed by its own doing. */
  record TestsFailed(Details details, String message) implements Outcome {
    @Override
    public Optional<FailureKind> kind() {
      return Optional.of(FailureKind.TEST);
    }
  }

  /** The phone, emulator or cloud session went away, or cannot hold the app. */
  record TargetLost(Details details, String message) implements Outcome {
    @Override
    public Optional<FailureKind> kind() {
      return Optional.of(FailureKind.TARGET);
    }

    @Override
    public boolean brokeTheSlot() {
      return true;
    }
  }

  /**
   * Something of the installation failed: Appium, npm's registry, a process that hung.
   *
   * @param onSlot false where it says nothing about the slot: it would have failed on any of them
   */
  record InfrastructureError(Details details, String message, boolean onSlot) implements Outcome {
    /** On the slot, as far as anybody knows. */
    public InfrastructureError(Details details, String message) {
      this(details, message, true);
    }

    @Override
    public Optional<FailureKind> kind() {
      return Optional.of(FailureKind.INFRASTRUCTURE);
    }

    @Override
    public boolean brokeTheSlot() {
      return onSlot;
    }
  }

  /**
   * What was submitted cannot be run: no such spec, nothing to execute in it, a syntax error, an
   * app that no phone takes. Trying again elsewhere would not help.
   */
  record SubmitterError(Details details, String message, FailureKind fault) implements Outcome {
    public SubmitterError {
      if (fault != FailureKind.SUBMITTER && fault != FailureKind.APP) {
        throw new IllegalArgumentException("not the submitter's fault: " + fault);
      }
    }

    public SubmitterError(Details details, String message) {
      this(details, message, FailureKind.SUBMITTER);
    }

    @Override
    public Optional<FailureKind> kind() {
      return Optional.of(fault);
    }
  }

  /**
   * The spec has none of the tests that were asked for: nothing was executed, and nothing is wrong.
   */
  record Skipped(Details details, String message) implements Outcome {
    @Override
    public Optional<FailureKind> kind() {
      return Optional.empty();
    }
  }

  /** Somebody asked for it to stop, or its lease was lost. */
  record Cancelled(Details details, String message) implements Outcome {
    @Override
    public Optional<FailureKind> kind() {
      return Optional.empty();
    }
  }
}
