package dev.qgjob.client;

import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A stream of server-sent events (the WHATWG's {@code text/event-stream}), put into a queue as they
 * come. It ends by itself, with an event {@link #ENDED}: on the server's wish, when the network
 * breaks, or when nobody takes the events out. Thread-safe.
 */
public final class EventFeed implements AutoCloseable {
  /** Name of the event for a comment, by which a server says that it is there. */
  public static final String STILL_THERE = "qgjob-still-there";

  /** Name of the last event of every feed. */
  public static final String ENDED = "qgjob-ended";

  /** One event; {@code id} is where to go on after a break. */
  public record Event(String name, @Nullable String id, String data) {}

  private final BlockingQueue<Event> queue;
  private volatile boolean open = true;
  private volatile @Nullable CompletableFuture<? extends HttpResponse<?>> exchange;

  EventFeed(BlockingQueue<Event> queue) {
    this.queue = queue;
  }

  void carriedBy(CompletableFuture<? extends HttpResponse<?>> answer) {
    exchange = answer;
    answer.whenComplete((head, broken) -> end());
  }

  /** False once the last event is in the queue. */
  public boolean open() {
    return open;
  }

  private void put(Event event) {
    if (open && !queue.offer(event)) {
      end();
    }
  }

  private synchronized void end() {
    if (open) {
      open = false;
      if (!queue.offer(new Event(ENDED, null, ""))) {
        queue.clear();
        queue.offer(new Event(ENDED, null, ""));
      }
    }
  }

  @Override
  public void close() {
    end();
    CompletableFuture<? extends HttpResponse<?>> carrier = exchange;
    if (carrier != null) {
      carrier.cancel(true);
    }
  }

  /** Puts lines together to events. */
  final class Reader implements Flow.Subscriber<String> {
    private String name = "message";
    private @Nullable String id;
    private final StringBuilder data = new StringBuilder();
    private Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription to) {
      subscription = to;
      to.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (!open && subscription != null) {
        subscription.cancel();
      } else if (line.isEmpty()) {
        dispatch();
      } else if (line.startsWith(":")) {
        put(new Event(STILL_THERE, null, ""));
      } else {
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
        switch (field) {
          case "event" -> name = value;
          case "id" -> id = value;
          case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
          default -> {} // "retry" and what is not known, as the format asks
        }
      }
    }

    private void dispatch() {
      if (!data.isEmpty()) {
        put(new Event(name, id, data.toString()));
      }
      name = "message";
      data.setLength(0);
    }

    @Override
    public void onError(Throwable broken) {
      end();
    }

    @Override
    public void onComplete() {
      end();
    }
  }
}
