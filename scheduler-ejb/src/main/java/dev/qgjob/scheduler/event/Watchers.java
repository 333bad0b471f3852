package dev.qgjob.scheduler.event;

import dev.qgjob.domain.event.Events;
import dev.qgjob.domain.event.JobChanged;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who watches which run at this server. Thread-safe. */
final class Watchers implements Events {
  private final Map<String, List<Listener>> byRun = new ConcurrentHashMap<>();

  @Override
  public Subscription subscribe(String runId, Listener listener) {
    byRun.compute(
        runId,
        (run, listeners) -> {
          List<Listener> all = listeners == null ? new CopyOnWriteArrayList<>() : listeners;
          all.add(listener);
          return all;
        });
    return () ->
        byRun.computeIfPresent(
            runId,
            (run, listeners) -> {
              listeners.remove(listener);
              return listeners.isEmpty() ? null : listeners;
            });
  }

  void changed(JobChanged change) {
    byRun.getOrDefault(change.runId(), List.of()).forEach(l -> l.changed(change));
  }

  void all(Consumer<Listener> tell) {
    byRun.values().forEach(listeners -> listeners.forEach(tell));
  }
}
