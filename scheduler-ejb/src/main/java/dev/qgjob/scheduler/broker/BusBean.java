package dev.qgjob.scheduler.broker;

import dev.qgjob.domain.placement.Bus;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.jms.ConnectionFactory;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's one {@link JmsBus}, and the topic beside it. The factory is a plain one: its
 * sessions know nothing of the caller's transaction, which goes on undisturbed.
 */
@Singleton
@Local({Bus.class, WorkerQueues.class, BrokerCheck.class, EventTopic.class})
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class BusBean implements Bus, WorkerQueues, BrokerCheck, EventTopic {

  @Resource(lookup = "java:/jms/QgjobConnectionFactory")
  private @Nullable ConnectionFactory factory;

  private @Nullable JmsBus bus;
  private @Nullable JmsEventTopic topic;

  @PostConstruct
  void start() {
    if (factory == null) {
      throw new IllegalStateException("java:/jms/QgjobConnectionFactory is not bound");
    }
    BrokerLogin login = BrokerLogin.of(System.getenv());
    bus = new JmsBus(factory, login);
    topic = new JmsEventTopic(factory, login);
  }

  @PreDestroy
  void stop() {
    bus().close();
    topic().close();
  }

  @Override
  public void send(List<Dispatch> batch) {
    bus().send(batch);
  }

  @Override
  public void open(String workerId) {
    bus().open(workerId);
  }

  @Override
  public void close(String workerId) {
    bus().close(workerId);
  }

  @Override
  public void check() {
    bus().check();
  }

  @Override
  public void publish(String body) {
    topic().publish(body);
  }

  @Override
  public Listening listen(Consumer<String> bodies, Runnable lost) {
    return topic().listen(bodies, lost);
  }

  private JmsEventTopic topic() {
    if (topic == null) {
      throw new IllegalStateException("the bus has not started");
    }
    return topic;
  }

  private JmsBus bus() {
    if (bus == null) {
      throw new IllegalStateException("the bus has not started");
    }
    return bus;
  }
}
