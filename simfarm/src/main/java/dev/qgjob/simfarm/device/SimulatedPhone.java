package dev.qgjob.simfarm.device;

import dev.qgjob.simfarm.adb.AdbListener;
import dev.qgjob.simfarm.phone.Phone;
import dev.qgjob.simfarm.shell.Shell;
import dev.qgjob.simfarm.uiautomator.UiServer;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutorService;

/** A phone and its ADB port. Thread-safe. */
public final class SimulatedPhone implements Closeable {
  private final Phone phone;
  private final AdbListener listener;

  /**
   * A phone whose port is not open yet.
   *
   * @param executor serves connections and streams; must give every task a thread at once
   */
  public SimulatedPhone(Phone phone, ExecutorService executor) {
    this.phone = phone;
    this.listener =
        new AdbListener(
            phone.identity().port(),
            phone.identity().banner(),
            new PhoneServices(phone, new Shell(phone, executor), new UiServer(phone), this::reboot),
            executor);
  }

  /** The phone behind the port. */
  public Phone phone() {
    return phone;
  }

  /**
   * Opens the port.
   *
   * @throws java.net.BindException if the port is taken
   */
  public void open() throws IOException {
    listener.listen();
  }

  /** Pulls the cable: the port closes, connections break. What runs on the phone goes on. */
  public void vanish() {
    listener.vanish();
  }

  /** The phone takes connections but answers nothing. */
  public void hang() {
    listener.hang();
  }

  /** Undoes {@link #vanish()} and {@link #hang()}. */
  public void comeBack() throws IOException {
    listener.comeBack();
  }

  /** Whether adb can reach the phone. */
  public boolean isAnswering() {
    return listener.isAnswering();
  }

  @Override
  public void close() {
    listener.close();
    phone.instrumentation().stop();
  }

  private void reboot() {
    phone.reboot();
    listener.vanish();
    try {
      listener.comeBack();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
