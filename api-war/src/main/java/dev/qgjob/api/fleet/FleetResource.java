package dev.qgjob.api.fleet;

import dev.qgjob.api.access.Allowed;
import dev.qgjob.api.access.Callers;
import dev.qgjob.api.form.Form;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.protocol.fleet.Beat;
import dev.qgjob.protocol.fleet.BeatAnswer;
import dev.qgjob.protocol.fleet.HoldSlot;
import dev.qgjob.protocol.fleet.RegisterWorker;
import dev.qgjob.protocol.fleet.Rejection;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.fleet.SlotView;
import dev.qgjob.protocol.fleet.WorkerRegistered;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Workers' registrations and beats, and the slots. Thread-safe. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class FleetResource {
  private static final long LONGEST_HOLD_S = Duration.ofDays(7).toSeconds();

  private final Fleet fleet;
  private final Access access;
  private final Supplier<BrokerSettings> broker;

  /**
   * @param access keeps the audit
   * @param broker asked at every registration, since passwords change
   */
  public FleetResource(Fleet fleet, Access access, Supplier<BrokerSettings> broker) {
    this.fleet = fleet;
    this.access = access;
    this.broker = broker;
  }

  /** All slots, what they hold, and what they do. */
  @GET
  @Path("slots")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  public SlotList slots(@Context SecurityContext who) {
    return FleetMapper.list(fleet.slots(), Callers.of(who));
  }

  /** Holds a slot for a person. Its id may have slashes: it is all before the last part. */
  @POST
  @Path("slots/{slot: .+}/hold")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed({Role.SUBMITTER, Role.ADMIN})
  public SlotView hold(
      @Context SecurityContext who, @PathParam("slot") String slot, HoldSlot body) {
    return fleet
        .hold(
            Callers.of(who),
            slot,
            Duration.ofSeconds(Form.within("for_s", body.forS(), 1, LONGEST_HOLD_S)),
            Form.text("reason", body.reason(), 200))
        .map(status -> FleetMapper.view(status, Callers.of(who)))
        .orElseThrow(() -> Refusal.unknown("slot", slot));
  }

  /** Gives a slot that was held back to the jobs. */
  @DELETE
  @Path("slots/{slot: .+}/hold")
  @Allowed({Role.SUBMITTER, Role.ADMIN})
  public void release(@Context SecurityContext who, @PathParam("slot") String slot) {
    if (!fleet.release(Callers.of(who), slot)) {
      throw Refusal.unknown("hold of slot", slot);
    }
  }

  /** A worker is there, with these slots. */
  @POST
  @Path("workers/{worker}/registration")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.WORKER)
  public WorkerRegistered register(@Context SecurityContext who, RegisterWorker body) {
    var registration =
        fleet.register(
            Callers.of(who),
            new Fleet.StateProof(
                Form.secret("state_proof", body.stateProof(), 1, 256),
                Form.within("registration", body.registration(), 1, Long.MAX_VALUE),
                FleetMapper.begun(body.begun())),
            Form.text("version", body.version(), 100),
            FleetMapper.offers("slots", body.slots()));
    return FleetMapper.registered(registration, broker.get());
  }

  /** A worker lives: renews its leases, and tells of its slots. */
  @POST
  @Path("workers/{worker}/beat")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.WORKER)
  public BeatAnswer beat(@Context SecurityContext who, Beat body) {
    return FleetMapper.answer(fleet.beat(Callers.of(who), FleetMapper.report(body)));
  }

  /** A worker got a message that it cannot read. */
  @POST
  @Path("workers/{worker}/rejections")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.WORKER)
  public void rejected(@Context SecurityContext who, Rejection body) {
    access.noteRejected(
        Callers.of(who),
        Form.text("queue", body.queue(), 200),
        Form.text("reason", body.reason(), Rejection.LONGEST_REASON),
        FleetMapper.excerpt(body.excerpt()));
  }

  /** A worker ends in good order. */
  @DELETE
  @Path("workers/{worker}/registration")
  @Allowed(Role.WORKER)
  public void leave(
      @Context SecurityContext who, @QueryParam("incarnation") @Nullable String incarnation) {
    fleet.leave(
        Callers.of(who), Form.number("incarnation", Form.present("incarnation", incarnation)));
  }
}
