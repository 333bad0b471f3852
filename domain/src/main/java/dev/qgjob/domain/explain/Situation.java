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
 * @param unavailable why slots of the target that are there take no job, in words, by slot id;
 *     asked for where the board has no slot
 * @param run how long the job runs; null where only its group is known
 * @param runHigh nine of ten take no longer
 * @param timeout how long the job may run; null where nobody says
 */
public record Situation(
    Job job,
    Board board,
    Map<String, String> device,
    Set<String> resources,
    int before,
    Map<String, String> onSlots,
    Map<String, String> unavailable,
    @Nullable Duration run,
    @Nullable Duration runHigh,
    @Nullable Duration timeout) {
  public Situation {
    onSlots = Map.copyOf(onSlots);
    unavailable = Map.copyOf(unavailable);
    device = Map.copyOf(device);
    resources = Set.copyOf(resources);
  }
}
