package dev.qgjob.domain.event;

/** Inbound: watching runs. Thread-safe. */
public interface Events {
  /** From now on the listener hears of the run's jobs, on whichever server they change. */
  Subscription subscribe(String runId, Listener listener);

  /** Whoever watches. No call may block or throw; calls come from several threads. */
  interface Listener {
    void changed(JobChanged change);

    /** Events may have been missed: what is known of the run is to be read anew. */
    void missed();

    /** Comes every few seconds, whatever happens. */
    void moment();
  }

  /** Until it is closed. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
