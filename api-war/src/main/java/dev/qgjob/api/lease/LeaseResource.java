package dev.qgjob.api.lease;

import dev.qgjob.api.access.Allowed;
import dev.qgjob.api.access.Callers;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.submit.Vault;
import dev.qgjob.protocol.lease.Claim;
import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.lease.FinishAnswers;
import dev.qgjob.protocol.lease.Finished;
import dev.qgjob.protocol.lease.Finishes;
import dev.qgjob.protocol.lease.Granted;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;

/** Claims and finishes. Thread-safe. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class LeaseResource {
  private final Leases leases;
  private final Vault vault;

  public LeaseResource(Leases leases, Vault vault) {
    this.leases = leases;
    this.vault = vault;
  }

  /** Claims a job that a message named, and others of its group with it. */
  @POST
  @Path("workers/{worker}/claims")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.WORKER)
  public Granted claim(@Context SecurityContext who, Claim body) {
    return LeaseMapper.granted(leases.claim(Callers.of(who), LeaseMapper.request(body)), vault);
  }

  /** Reports how attempts ended, all in one transaction; each has its own answer. */
  @POST
  @Path("workers/{worker}/finishes")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.WORKER)
  public FinishAnswers finishAll(@Context SecurityContext who, Finishes body) {
    List<Leases.JobFinish> told = LeaseMapper.requests(body);
    return LeaseMapper.answers(told, leases.finishAll(Callers.of(who), told));
  }

  /** Reports how an attempt ended. */
  @POST
  @Path("jobs/{job}/finish")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.WORKER)
  public Finished finish(
      @Context SecurityContext who, @PathParam("job") String jobId, Finish body) {
    return LeaseMapper.finished(leases.finish(Callers.of(who), jobId, LeaseMapper.request(body)));
  }
}
