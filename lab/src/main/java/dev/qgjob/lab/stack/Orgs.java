package dev.qgjob.lab.stack;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.access.CreateOrg;
import dev.qgjob.protocol.access.CreateToken;
import dev.qgjob.protocol.access.OrgView;
import dev.qgjob.protocol.access.TokenCreated;

/** What an administrator does before anybody can submit. */
public final class Orgs {
  private Orgs() {}

  /**
   * Creates an org.
   *
   * @return the token of a submitter of it
   */
  public static String create(ApiClient admin, String orgId) {
    admin.post("/orgs", new CreateOrg(orgId, null), OrgView.class);
    CreateToken wish = new CreateToken(Role.SUBMITTER, "lab", null);
    return admin.post("/orgs/" + orgId + "/tokens", wish, TokenCreated.class).token();
  }
}
