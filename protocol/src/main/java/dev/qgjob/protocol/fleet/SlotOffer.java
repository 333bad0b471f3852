package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A slot as its worker offers it.
 *
 * @param slotId stable: worker name, target and udid
 * @param udid what adb calls it; null at BrowserStack
 * @param capabilities model, os_version and the like
 */
public record SlotOffer(
    String slotId,
    Target target,
    @Nullable String udid,
    Map<String, String> capabilities,
    List<Holding> holds) {
  public SlotOffer {
    capabilities = Wire.orEmpty(capabilities);
    holds = Wire.orEmpty(holds);
  }
}
