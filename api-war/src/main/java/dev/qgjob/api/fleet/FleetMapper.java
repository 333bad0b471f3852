package dev.qgjob.api.fleet;

import dev.qgjob.api.form.Form;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.api.words.Words;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.Hold;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.protocol.fleet.Beat;
import dev.qgjob.protocol.fleet.BeatAnswer;
import dev.qgjob.protocol.fleet.Holding;
import dev.qgjob.protocol.fleet.InboxEntry;
import dev.qgjob.protocol.fleet.LeaseAnswer;
import dev.qgjob.protocol.fleet.LeaseRef;
import dev.qgjob.protocol.fleet.Rejection;
import dev.qgjob.protocol.fleet.SlotBeat;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.fleet.SlotOffer;
import dev.qgjob.protocol.fleet.SlotView;
import dev.qgjob.protocol.fleet.WorkerRegistered;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Registrations, beats and slots between wire and domain. */
final class FleetMapper {
  private static final int MOST_SLOTS = 1_000;
  private static final int MOST_ENTRIES = 10_000;
  private static final int LONGEST_ID = 200;

  private FleetMapper() {}

  static List<Fleet.SlotOffer> offers(String field, List<SlotOffer> offers) {
    Form.atMost(field, offers, MOST_SLOTS);
    List<Fleet.SlotOffer> taken = new ArrayList<>();
    for (int i = 0; i < offers.size(); i++) {
      taken.add(offer(field + "[" + i + "].", offers.get(i)));
    }
    return taken;
  }

  private static Fleet.SlotOffer offer(String at, SlotOffer offer) {
    return new Fleet.SlotOffer(
        Form.visible(at + "slot_id", offer.slotId(), LONGEST_ID),
        Words.target(Form.present(at + "target", offer.target())),
        Form.textOrNull(at + "udid", offer.udid(), LONGEST_ID),
        offer.capabilities(),
        holds(at + "holds", offer.holds()));
  }

  private static Map<String, String> holds(String field, List<Holding> holds) {
    Form.atMost(field, holds, MOST_ENTRIES);
    Map<String, String> held = new LinkedHashMap<>();
    for (int i = 0; i < holds.size(); i++) {
      String at = field + "[" + i + "].";
      held.put(
          Form.visible(at + "package_name", holds.get(i).packageName(), 255),
          Form.sha256(at + "sha256", holds.get(i).sha256()));
    }
    return held;
  }

  static @Nullable Set<String> begun(@Nullable List<String> jobIds) {
    if (jobIds == null) {
      return null;
    }
    Form.atMost("begun", jobIds, MOST_ENTRIES);
    Set<String> begun = new HashSet<>();
    for (int i = 0; i < jobIds.size(); i++) {
      begun.add(Form.visible("begun[" + i + "]", jobIds.get(i), LONGEST_ID));
    }
    return begun;
  }

  static Fleet.BeatReport report(Beat beat) {
    Form.atMost("slots", beat.slots(), MOST_SLOTS);
    Form.atMost("leases", beat.leases(), MOST_ENTRIES);
    List<Fleet.SlotReport> slots = new ArrayList<>();
    for (int i = 0; i < beat.slots().size(); i++) {
      slots.add(slot("slots[" + i + "].", beat.slots().get(i)));
    }
    List<Fleet.HeldLease> leases = new ArrayList<>();
    for (int i = 0; i < beat.leases().size(); i++) {
      leases.add(lease("leases[" + i + "].", beat.leases().get(i)));
    }
    return new Fleet.BeatReport(beat.incarnation(), slots, leases);
  }

  private static Fleet.SlotReport slot(String at, SlotBeat slot) {
    Form.atMost(at + "inbox", slot.inbox(), MOST_ENTRIES);
    List<Fleet.InboxEntry> inbox = new ArrayList<>();
    for (InboxEntry entry : slot.inbox()) {
      inbox.add(
          new Fleet.InboxEntry(
              Form.visible(at + "inbox.job_id", entry.jobId(), LONGEST_ID), entry.generation()));
    }
    return new Fleet.SlotReport(
        offer(at + "offer.", Form.present(at + "offer", slot.offer())),
        slot.attached(),
        slot.attachment(),
        inbox);
  }

  private static Fleet.HeldLease lease(String at, LeaseRef lease) {
    return new Fleet.HeldLease(
        Form.visible(at + "job_id", lease.jobId(), LONGEST_ID),
        lease.generation(),
        Form.secret(at + "token", lease.token(), 16, 64));
  }

  /** Foreign text, fit for one line of a log; bytes that no text has become dots. */
  static @Nullable String excerpt(@Nullable String excerpt) {
    if (excerpt == null) {
      return null;
    }
    Form.check(
        excerpt.length() <= Rejection.LONGEST_EXCERPT,
        "excerpt",
        "excerpt must have at most " + Rejection.LONGEST_EXCERPT + " characters");
    return excerpt.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}]", ".");
  }

  static WorkerRegistered registered(Fleet.Registration registration, BrokerSettings broker) {
    if (registration instanceof Fleet.Registration.Registered done) {
      Worker worker = done.worker();
      return new WorkerRegistered(
          worker.id(),
          worker.incarnation(),
          broker.access(),
          broker.jobQueues(),
          broker.ownQueue(worker.id()),
          done.lease().toMillis(),
          done.beat().toMillis());
    }
    if (registration instanceof Fleet.Registration.Occupied occupied) {
      throw Refusal.of(
          409,
          "occupied",
          "another process runs as the worker " + Refusal.shortened(occupied.workerName()),
          "stop it, or enrol this one under a name of its own");
    }
    if (registration instanceof Fleet.Registration.Late late) {
      throw Refusal.of(
          409,
          "late",
          "the worker " + Refusal.shortened(late.workerName()) + " has registered again since",
          "nothing to do: this is a late copy; a worker counts its registrations up");
    }
    if (registration instanceof Fleet.Registration.Invalid invalid) {
      throw Refusal.invalid(invalid.field(), invalid.problem(), invalid.action());
    }
    throw new IllegalStateException("unknown outcome " + registration);
  }

  static BeatAnswer answer(Fleet.BeatResult result) {
    if (result instanceof Fleet.BeatResult.Answer answer) {
      return new BeatAnswer(
          answer.leases().stream()
              .map(lease -> new LeaseAnswer(lease.jobId(), lease.goOn(), lease.reason()))
              .toList(),
          answer.drain());
    }
    if (result instanceof Fleet.BeatResult.NotRegistered not) {
      throw Refusal.of(409, "not-registered", "the worker is not registered", "register anew")
          .because(not.why());
    }
    throw new IllegalStateException("unknown outcome " + result);
  }

  static SlotList list(List<Fleet.SlotStatus> slots, Caller caller) {
    return new SlotList(slots.stream().map(slot -> view(slot, caller)).toList());
  }

  /** What a slot holds and runs may be another org's: the installation's admin alone sees it. */
  static SlotView view(Fleet.SlotStatus status, Caller caller) {
    Slot slot = status.slot();
    Hold hold = status.hold();
    boolean all = caller.role() == Role.ADMIN;
    return new SlotView(
        slot.id(),
        slot.workerId(),
        Words.target(slot.target()),
        slot.udid(),
        state(status),
        all ? status.jobId() : null,
        slot.capabilities(),
        all ? holdings(slot.holds()) : List.of(),
        slot.lastBeatAt(),
        hold == null ? null : hold.until(),
        hold == null ? null : hold.reason(),
        status.doubts() == 0 ? null : (Integer) status.doubts());
  }

  private static String state(Fleet.SlotStatus status) {
    if (!status.live()) {
      return "away";
    }
    return status.jobId() != null ? "busy" : status.hold() != null ? "held" : "idle";
  }

  private static List<Holding> holdings(Map<String, String> holds) {
    return holds.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> new Holding(entry.getKey(), entry.getValue()))
        .toList();
  }
}
