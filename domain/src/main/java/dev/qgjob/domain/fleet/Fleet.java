package dev.qgjob.domain.fleet;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Inbound: registration, beats, the list of slots. Thread-safe; each call is one transaction. */
public interface Fleet {
  /**
   * Begins an incarnation. The same registration again, of a worker that did not hear the answer,
   * gets the same incarnation; a late copy of an earlier one changes nothing.
   */
  Registration register(Caller worker, StateProof proof, String version, List<SlotOffer> slots);

  BeatResult beat(Caller worker, BeatReport beat);

  /** The worker ends in good order: its slots go, its leases end at once. */
  void leave(Caller worker, long incarnation);

  List<SlotStatus> slots();

  /**
   * Gives a slot to somebody alone: it finishes what it took and gets nothing more. A later hold
   * takes the place of an earlier one.
   *
   * @return the slot; empty if there is none of this id
   */
  Optional<SlotStatus> hold(Caller caller, String slotId, Duration time, String reason);

  /** Ends a hold; false if there is none. */
  boolean release(Caller caller, String slotId);

  /**
   * What shows that a worker is the one from before.
   *
   * @param secret kept in its state folder
   * @param registration rises with every registration that the state folder asks for, and stays
   *     when one is sent again
   * @param begun ids of jobs that an earlier process was at when it ended: only they can have ended
   *     it; null where no note was kept, so that all that it held can
   */
  record StateProof(String secret, long registration, @Nullable Set<String> begun) {
    public StateProof {
      begun = begun == null ? null : Set.copyOf(begun);
    }

    /** Of a state folder that keeps no note of what has begun. */
    public StateProof(String secret, long registration) {
      this(secret, registration, null);
    }

    /** True where the earlier process may have ended over this job. */
    public boolean suspects(String jobId) {
      return begun == null || begun.contains(jobId);
    }
  }

  /** A slot as its worker offers it; {@code holds} is package name to SHA-256. */
  record SlotOffer(
      String id,
      Target target,
      @Nullable String udid,
      Map<String, String> capabilities,
      Map<String, String> holds) {}

  /** What came of a registration. */
  sealed interface Registration {
    record Registered(Worker worker, Duration lease, Duration beat) implements Registration {}

    /** Another process beats under this name and did not show the same state. */
    record Occupied(String workerName) implements Registration {}

    /** The same worker has registered since: this is a copy that came late. */
    record Late(String workerName) implements Registration {}

    record Invalid(String field, String problem, String action) implements Registration {}
  }

  /** One beat: slots as they are now, leases that the worker believes it holds. */
  record BeatReport(long incarnation, List<SlotReport> slots, List<HeldLease> leases) {}

  /** A slot as of a beat; its offer is whole, since slots come and go. */
  record SlotReport(SlotOffer offer, boolean attached, long attachment, List<InboxEntry> inbox) {}

  record InboxEntry(String jobId, long generation) {}

  record HeldLease(String jobId, long generation, String token) {}

  /** What came of a beat. */
  sealed interface BeatResult {
    record Answer(List<LeaseAnswer> leases, boolean drain) implements BeatResult {}

    /** Register anew. */
    record NotRegistered(String why) implements BeatResult {}
  }

  /** Go on, or stop for this reason. */
  record LeaseAnswer(String jobId, boolean goOn, @Nullable String reason) {}

  /**
   * A slot as people see it.
   *
   * @param jobId what it runs, or null
   * @param doubts attempts of the last seven days whose tests failed here and passed elsewhere
   */
  record SlotStatus(
      Slot slot, boolean live, @Nullable String jobId, @Nullable Hold hold, int doubts) {
    public SlotStatus(Slot slot, boolean live, @Nullable String jobId, @Nullable Hold hold) {
      this(slot, live, jobId, hold, 0);
    }
  }
}
