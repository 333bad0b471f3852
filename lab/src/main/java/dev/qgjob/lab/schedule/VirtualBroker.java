package dev.qgjob.lab.schedule;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Artemis does with the messages: a group is pinned, at its first message, to the next
 * consumer in turn, and stays there as long as that one is attached. For one thread.
 */
final class VirtualBroker implements Bus {
  private final Map<Target, List<String>> attached = new HashMap<>();
  private final Map<Target, Integer> turn = new HashMap<>();
  private final Map<String, String> pins = new HashMap<>();
  private final Map<String, Deque<Message>> inboxes = new LinkedHashMap<>();

  /** A job's dispatch on its way to a slot. */
  record Message(String jobId, long generation, boolean shared) {}

  void attach(String slotId, Target target) {
    attached.computeIfAbsent(target, k -> new ArrayList<>()).add(slotId);
    inboxes.computeIfAbsent(slotId, k -> new ArrayDeque<>());
  }

  /** The slot's messages are lost with it: the sweep sends them again. */
  void detach(String slotId, Target target) {
    attached.getOrDefault(target, List.of()).remove(slotId);
    pins.values().removeIf(slotId::equals);
    inbox(slotId).clear();
  }

  private Deque<Message> inbox(String slotId) {
    return inboxes.computeIfAbsent(slotId, k -> new ArrayDeque<>());
  }

  /** The next message that waits at a slot. */
  Optional<Message> next(String slotId) {
    return Optional.ofNullable(inbox(slotId).poll());
  }

  /** What waits at a slot. */
  List<Message> waiting(String slotId) {
    return List.copyOf(inbox(slotId));
  }

  @Override
  public void send(List<Dispatch> batch) {
    for (Dispatch dispatch : batch) {
      if (dispatch instanceof Dispatch.Shared shared) {
        String slotId = consumer(shared);
        if (slotId != null) {
          inbox(slotId).add(new Message(shared.jobId(), shared.generation(), true));
        }
      } else if (dispatch instanceof Dispatch.HandOff handOff) {
        inbox(handOff.slotId()).add(new Message(handOff.jobId(), handOff.generation(), false));
      }
    }
  }

  private @Nullable String consumer(Dispatch.Shared shared) {
    List<String> consumers = attached.getOrDefault(shared.target(), List.of());
    if (consumers.isEmpty()) {
      return null;
    }
    return pins.computeIfAbsent(
        shared.target() + "/" + shared.messageGroup(),
        k -> consumers.get(turn.merge(shared.target(), 1, Integer::sum) % consumers.size()));
  }
}
