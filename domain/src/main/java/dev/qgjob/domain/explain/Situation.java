package dev.qgjob.domain.explain;

import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.placement.Board;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an explanation is made of.
 *
 * @param board of the job's target, as a tick sees it
 * @param device what the job wishes of its slot
 * @param resources what the job uses one of each of, by key
 * @param before how many waiting jobs of its group go before it
 * @param onSlots what runs on slots, in words, by slot id
 * @param run how long the job runs; null where only its group is known
 * @param runHigh nine of ten take no longer
 */
public record Situation(
    Job job,
    Board board,
    Map<String, String> device,
    Set<String> resources,
    int before,
    Map<String, String> onSlots,
    @Nullable Duration run,
    @Nullable Duration runHigh) {
  public Situation {
    onSlots = Map.copyOf(onSlots);
    device = Map.copyOf(device);
    resources = Set.copyOf(resources);
  }
}
