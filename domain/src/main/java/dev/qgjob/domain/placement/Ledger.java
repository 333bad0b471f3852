package dev.qgjob.domain.placement;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * What the orgs were given of one target, by start-time fair queueing: a tag that grows by the slot
 * time used, installs included, divided by the org's weight. Who wanted nothing for a while returns
 * with the smallest tag of those who went on wanting, or with the largest of all where nobody did:
 * waiting is no credit, and being first is no debt.
 */
public final class Ledger {
  private Ledger() {}

  /**
   * An org's account.
   *
   * @param tag milliseconds given per weight
   * @param active it had work when the ledger was kept last
   */
  public record Entry(double tag, boolean active) {
    public static final Entry NEW = new Entry(0, false);

    public Entry {
      if (!(tag >= 0) || Double.isInfinite(tag)) {
        throw new IllegalArgumentException("tag " + tag);
      }
    }
  }

  /**
   * The accounts of those that changed.
   *
   * @param used slot time since the ledger was kept last
   * @param active orgs that have work now
   * @param weights weights of orgs; 1 where one is missing. Weight 0 keeps its tag: it gets what
   *     nobody else wants, and owes nobody
   */
  public static Map<String, Entry> keep(
      Map<String, Entry> before,
      Map<String, Duration> used,
      Set<String> active,
      Map<String, Double> weights) {
    Map<String, Entry> after = new HashMap<>(before);
    active.forEach(org -> after.putIfAbsent(org, Entry.NEW));
    used.forEach(
        (org, time) ->
            after.compute(org, (id, e) -> charged(e, time, weights.getOrDefault(id, 1.0))));
    double floor = floor(before, after, active, weights);
    after.replaceAll(
        (org, entry) -> {
          boolean returns = active.contains(org) && !was(before, org);
          return new Entry(
              returns ? Math.max(entry.tag(), floor) : entry.tag(), active.contains(org));
        });
    after.entrySet().removeIf(e -> e.getValue().equals(before.get(e.getKey())));
    return after;
  }

  private static Entry charged(
      @org.jspecify.annotations.Nullable Entry entry, Duration time, double weight) {
    Entry known = entry == null ? Entry.NEW : entry;
    return weight > 0 && !time.isNegative()
        ? new Entry(known.tag() + time.toMillis() / weight, known.active())
        : known;
  }

  private static boolean was(Map<String, Entry> before, String org) {
    return before.getOrDefault(org, Entry.NEW).active();
  }

  private static double floor(
      Map<String, Entry> before,
      Map<String, Entry> after,
      Set<String> active,
      Map<String, Double> weights) {
    OptionalDouble least =
        tags(after, weights, org -> active.contains(org) && was(before, org)).min();
    return least.orElseGet(() -> tags(after, weights, org -> true).max().orElse(0));
  }

  private static DoubleStream tags(
      Map<String, Entry> entries,
      Map<String, Double> weights,
      java.util.function.Predicate<String> which) {
    return entries.entrySet().stream()
        .filter(e -> weights.getOrDefault(e.getKey(), 1.0) > 0 && which.test(e.getKey()))
        .mapToDouble(e -> e.getValue().tag());
  }
}
