package dev.qgjob.api.access;

import dev.qgjob.api.form.Form;
import dev.qgjob.api.openapi.Answers;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.api.words.Words;
import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.access.Role;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.CreateOrg;
import dev.qgjob.protocol.access.CreateToken;
import dev.qgjob.protocol.access.EnrolWorker;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.access.Identity;
import dev.qgjob.protocol.access.OrgView;
import dev.qgjob.protocol.access.ResourceView;
import dev.qgjob.protocol.access.SetShare;
import dev.qgjob.protocol.access.TargetLimit;
import dev.qgjob.protocol.access.TokenCreated;
import dev.qgjob.protocol.access.TokenView;
import dev.qgjob.protocol.access.WorkerEnrolled;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;

/** Orgs, tokens and the enrolment of workers. Thread-safe. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class AccessResource {
  private final Access access;
  private final KnownCallers known;

  public AccessResource(Access access, KnownCallers known) {
    this.access = access;
    this.known = known;
  }

  /** Whose token this is, and what it may do. */
  @GET
  @Path("me")
  @Allowed({Role.ADMIN, Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.WORKER})
  public Identity me(@Context SecurityContext who) {
    return AccessMapper.identity(Callers.of(who));
  }

  /** Makes an org. */
  @POST
  @Path("orgs")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.ADMIN)
  @Answers(value = OrgView.class, status = 201)
  public Response createOrg(@Context SecurityContext who, CreateOrg body) {
    var org =
        access.createOrg(
            Callers.of(who),
            Form.org("org_id", body.orgId()),
            Form.textOrNull("name", body.name(), 200));
    return created(AccessMapper.view(AccessMapper.done(org)));
  }

  /** All orgs. */
  @GET
  @Path("orgs")
  @Allowed(Role.ADMIN)
  public List<OrgView> orgs() {
    return access.orgs().stream().map(AccessMapper::view).toList();
  }

  /** What an org may have of what orgs share: its weight, a cap, minutes at BrowserStack. */
  @POST
  @Path("orgs/{org}/share")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.ADMIN)
  public OrgView setShare(
      @Context SecurityContext who, @PathParam("org") String org, SetShare body) {
    return AccessMapper.view(
        AccessMapper.done(
            access.setShare(
                Callers.of(who),
                Form.org("org", org),
                new Access.ShareChange(
                    body.weight(),
                    body.cap(),
                    Boolean.TRUE.equals(body.uncapped()),
                    body.browserstackMinutes(),
                    Boolean.TRUE.equals(body.unmetered())))));
  }

  /** The targets, and how many jobs may run on each at once. */
  @GET
  @Path("targets")
  @Allowed(Role.ADMIN)
  public List<TargetLimit> targets() {
    return AccessMapper.view(access.caps());
  }

  /** How many jobs may run on a target at once. */
  @POST
  @Path("targets")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.ADMIN)
  public List<TargetLimit> setCap(@Context SecurityContext who, TargetLimit body) {
    return AccessMapper.view(
        AccessMapper.done(
            access.setCap(
                Callers.of(who), Words.target(Form.present("target", body.target())), body.cap())));
  }

  /** The scarce resources of an org. */
  @GET
  @Path("orgs/{org}/resources")
  @Allowed(Role.ADMIN)
  public List<ResourceView> resources(@PathParam("org") String org) {
    return AccessMapper.view(access.resources(org));
  }

  /** Makes a scarce resource of an org, or changes how many there are. */
  @POST
  @Path("orgs/{org}/resources")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.ADMIN)
  public List<ResourceView> setResource(
      @Context SecurityContext who, @PathParam("org") String org, ResourceView body) {
    return AccessMapper.view(
        AccessMapper.done(
            access.setResource(
                Callers.of(who),
                Form.org("org", org),
                Form.name("name", body.name()),
                body.count())));
  }

  /** Removes a scarce resource of an org. */
  @DELETE
  @Path("orgs/{org}/resources/{name}")
  @Allowed(Role.ADMIN)
  public void removeResource(
      @Context SecurityContext who, @PathParam("org") String org, @PathParam("name") String name) {
    if (!access.removeResource(Callers.of(who), org, name)) {
      throw Refusal.unknown("resource", name);
    }
  }

  /** Makes a token; it is shown once. */
  @POST
  @Path("orgs/{org}/tokens")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.ADMIN)
  @Answers(value = TokenCreated.class, status = 201)
  public Response createToken(
      @Context SecurityContext who, @PathParam("org") String org, CreateToken body) {
    var token =
        access.createToken(
            Callers.of(who),
            Form.org("org", org),
            AccessMapper.role(body),
            Form.textOrNull("name", body.name(), 200),
            AccessMapper.validFor(body));
    return created(AccessMapper.created(AccessMapper.done(token)));
  }

  /** The tokens of an org, without what they are. */
  @GET
  @Path("orgs/{org}/tokens")
  @Allowed(Role.ADMIN)
  public List<TokenView> tokens(@PathParam("org") String org) {
    return access.tokens(org).stream().map(AccessMapper::view).toList();
  }

  /** Revokes a token, at once. */
  @DELETE
  @Path("tokens/{token}")
  @Allowed(Role.ADMIN)
  public void revoke(@Context SecurityContext who, @PathParam("token") String tokenId) {
    if (!access.revoke(Callers.of(who), tokenId)) {
      throw Refusal.unknown("token", tokenId);
    }
    known.forget();
  }

  /** Makes a one-time code with which a worker enrols. */
  @POST
  @Path("enrolments")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed(Role.ADMIN)
  @Answers(value = EnrolmentCode.class, status = 201)
  public Response createEnrolment(@Context SecurityContext who, CreateEnrolment body) {
    var code =
        access.createEnrolment(
            Callers.of(who), AccessMapper.validFor(body), Boolean.TRUE.equals(body.untrusted()));
    return created(AccessMapper.view(code));
  }

  /** Enrols a worker by a one-time code. */
  @POST
  @Path("workers/enrol")
  @Consumes(MediaType.APPLICATION_JSON)
  @Open(because = "the one-time code in the body is the right to it")
  @Answers(value = WorkerEnrolled.class, status = 201)
  public Response enrol(EnrolWorker body) {
    String name = Form.name("name", body.name());
    var token = access.enrol(Form.secret("code", body.code(), 1, 256), name);
    return created(AccessMapper.enrolled(AccessMapper.done(token), name));
  }

  private static Response created(Object view) {
    return Response.status(Response.Status.CREATED).entity(view).build();
  }
}
