package dev.qgjob.domain.lease;

/** How many jobs of a group one claim may take. */
final class BatchSize {
  private BatchSize() {}

  /**
   * Not more than the slot asked for, than the policy allows, nor than the slot's fair part of what
   * waits: a batch is bound to its slot, and idle neighbours should find something left.
   *
   * @param waiting jobs of the group that wait, the claimed one included
   * @param liveSlots slots of the target that could share the work, from 1
   */
  static int of(int asked, int mostPerClaim, int waiting, int liveSlots) {
    int fairPart = (waiting + liveSlots - 1) / Math.max(1, liveSlots);
    return Math.max(1, Math.min(Math.min(asked, mostPerClaim), fairPart));
  }
}
