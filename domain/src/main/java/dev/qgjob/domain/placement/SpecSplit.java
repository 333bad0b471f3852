package dev.qgjob.domain.placement;

/**
 * Into how many parts a spec is divided, where its submitter allows that.
 *
 * <p>Work P on m slots, each of which first sets up for s, ends at best after T = s + P/m. A spec
 * of p > T would end later than that, however the rest is placed; in ⌈p/T⌉ parts, each no longer
 * than T, it need not. From p > T follows p·(1 − 1/m) > s: what it gains is worth an install.
 */
public final class SpecSplit {
  private SpecSplit() {}

  /**
   * At least 1, at most one for each slot.
   *
   * @param spec p: seconds that the spec is expected to take
   * @param work P: seconds that all specs of the run are expected to take, this one included
   * @param slots m: slots that may run them
   * @param setUp s: seconds until a slot that does not hold the build is ready
   */
  public static int parts(double spec, double work, int slots, double setUp) {
    if (slots < 2) {
      return 1;
    }
    double end = setUp + work / slots;
    return spec <= end ? 1 : (int) Math.min(slots, Math.ceil(spec / end));
  }
}
