package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A slot as people see it.
 *
 * @param state {@code idle}, {@code busy}, {@code held} (and not busy any more) or {@code away}
 * @param heldUntil somebody has it to themselves until then, for {@code holdReason}; absent: nobody
 * @param doubts attempts of the last seven days whose tests failed here and passed on another slot;
 *     absent: none
 */
public record SlotView(
    String slotId,
    String workerId,
    Target target,
    @Nullable String udid,
    String state,
    @Nullable String jobId,
    Map<String, String> capabilities,
    List<Holding> holds,
    Instant lastBeatAt,
    @Nullable Instant heldUntil,
    @Nullable String holdReason,
    @Nullable Integer doubts) {
  public SlotView {
    capabilities = Wire.orEmpty(capabilities);
    holds = Wire.orEmpty(holds);
  }

  /** One that nothing casts doubt on. */
  public SlotView(
      String slotId,
      String workerId,
      Target target,
      @Nullable String udid,
      String state,
      @Nullable String jobId,
      Map<String, String> capabilities,
      List<Holding> holds,
      Instant lastBeatAt,
      @Nullable Instant heldUntil,
      @Nullable String holdReason) {
    this(
        slotId,
        workerId,
        target,
        udid,
        state,
        jobId,
        capabilities,
        holds,
        lastBeatAt,
        heldUntil,
        holdReason,
        null);
  }
}
