package dev.qgjob.domain.testing;

/** The twins meet the contracts that the database meets. */
final class InMemoryStoresTest
    implements JobStoreContract, BoardStoreContract, FleetStoreContract, SubmissionStoreContract {
  private final World world = new InMemoryWorld();

  @Override
  public World world() {
    return world;
  }
}
