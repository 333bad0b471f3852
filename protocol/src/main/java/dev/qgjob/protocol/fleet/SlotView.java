package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A slot as people see it: {@code state} is idle, busy or away. */
public record SlotView(
    String slotId,
    String workerId,
    Target target,
    @Nullable String udid,
    String state,
    @Nullable String jobId,
    Map<String, String> capabilities,
    List<Holding> holds,
    Instant lastBeatAt) {
  public SlotView {
    capabilities = Wire.orEmpty(capabilities);
    holds = Wire.orEmpty(holds);
  }
}
