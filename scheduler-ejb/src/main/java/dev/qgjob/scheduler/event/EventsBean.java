package dev.qgjob.scheduler.event;

import dev.qgjob.domain.event.Events;
import dev.qgjob.domain.event.JobChanged;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.scheduler.broker.EventTopic;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * This server's end of the topic: tells the others what changed here and those who watch here what
 * changed anywhere. Asks for the broker every second while it is away; when it is back, everybody
 * who watches is told that something may have been missed.
 */
@Singleton
@Startup
@Local({Events.class, Announcer.class})
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@SuppressWarnings("NullAway.Init")
public class EventsBean implements Events, Announcer {
  private static final System.Logger LOG = System.getLogger(EventsBean.class.getName());
  private static final int MOST_IN_ONE = 200;

  @EJB private EventTopic topic;
  @Resource private ManagedExecutorService executor;

  private final Watchers watchers = new Watchers();
  private final Outbox outbox = new Outbox();
  private final AtomicBoolean telling = new AtomicBoolean();
  private final AtomicBoolean dialling = new AtomicBoolean();
  private volatile EventTopic.@Nullable Listening listening;
  private volatile boolean over;

  @Override
  public Subscription subscribe(String runId, Listener listener) {
    return watchers.subscribe(runId, listener);
  }

  @Override
  public void announce(List<JobChanged> changes) {
    changes.forEach(watchers::changed);
    outbox.add(changes);
    beside(telling, this::tell);
  }

  private void tell() {
    try {
      for (List<JobChanged> some = outbox.take(MOST_IN_ONE);
          !some.isEmpty();
          some = outbox.take(MOST_IN_ONE)) {
        topic.publish(EventJson.write(some));
      }
    } catch (Bus.Unavailable e) {
      // the other servers' watchers read the database now and then
      outbox.forget();
      LOG.log(System.Logger.Level.DEBUG, "events were not told: {0}", e.getMessage());
    }
  }

  @Schedule(hour = "*", minute = "*", second = "*", persistent = false, info = "broker of events")
  void everySecond() {
    if (listening == null) {
      beside(dialling, this::dial);
    }
    // one that came between the last look and the end of the telling
    beside(telling, this::tell);
  }

  @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false, info = "watchers")
  void now() {
    watchers.all(Listener::moment);
  }

  private void dial() {
    if (listening != null || over) {
      return;
    }
    try {
      listening = topic.listen(this::heard, this::lost);
      watchers.all(Listener::missed);
    } catch (Bus.Unavailable e) {
      LOG.log(System.Logger.Level.DEBUG, "no events of other servers: {0}", e.getMessage());
    }
  }

  private void heard(String body) {
    EventJson.read(body).forEach(watchers::changed);
  }

  private void lost() {
    EventTopic.Listening gone = listening;
    listening = null;
    if (gone != null) {
      gone.close();
    }
  }

  /** On a thread of the server's, unless that is going on already. */
  private void beside(AtomicBoolean goingOn, Runnable work) {
    if (goingOn.compareAndSet(false, true)) {
      try {
        executor.execute(
            () -> {
              try {
                work.run();
              } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "while carrying events", e);
              } finally {
                goingOn.set(false);
              }
            });
      } catch (RejectedExecutionException e) {
        goingOn.set(false);
      }
    }
  }

  @PreDestroy
  void stop() {
    over = true;
    lost();
  }
}
