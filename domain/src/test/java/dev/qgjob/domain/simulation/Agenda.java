package dev.qgjob.domain.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/** What is to happen, in order of time. It is also the true clock, in milliseconds. */
final class Agenda implements InstantSource {
  private static final long BEGIN = Instant.parse("2026-03-01T09:00:00Z").toEpochMilli();

  /** Something that will happen, unless it is called off. */
  static final class Item implements Comparable<Item> {
    private final long at;
    private final long number;
    private final Runnable what;
    private boolean off;

    Item(long at, long number, Runnable what) {
      this.at = at;
      this.number = number;
      this.what = what;
    }

    long time() {
      return at;
    }

    void callOff() {
      off = true;
    }

    @Override
    public int compareTo(Item other) {
      return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
    }
  }

  private final PriorityQueue<Item> items = new PriorityQueue<>(64);
  private long now;
  private long numbers;
  private Instant instant = Instant.ofEpochMilli(BEGIN);

  /** Milliseconds since the beginning. */
  long now() {
    return now;
  }

  @Override
  public Instant instant() {
    return instant;
  }

  /** A moment of {@link #instant} in milliseconds since the beginning. */
  static long millis(Instant moment) {
    return moment.toEpochMilli() - BEGIN;
  }

  Item at(long time, Runnable what) {
    Item item = new Item(Math.max(now, time), numbers++, what);
    items.add(item);
    return item;
  }

  Item after(long delay, Runnable what) {
    return at(now + delay, what);
  }

  /** Lets everything happen up to a time; may be called from within, while a transaction stalls. */
  void runUntil(long end) {
    while (!items.isEmpty() && items.peek().at <= end) {
      next();
    }
    moveTo(end);
  }

  /** The next thing happens; false if there is none. */
  boolean next() {
    Item item = items.poll();
    if (item == null) {
      return false;
    }
    if (!item.off) {
      moveTo(item.at);
      item.what.run();
    }
    return true;
  }

  private void moveTo(long time) {
    if (time > now) {
      now = time;
      instant = Instant.ofEpochMilli(BEGIN + time);
    }
  }
}
