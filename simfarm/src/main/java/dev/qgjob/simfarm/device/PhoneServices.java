package dev.qgjob.simfarm.device;

import dev.qgjob.simfarm.adb.AdbStream;
import dev.qgjob.simfarm.adb.Service;
import dev.qgjob.simfarm.adb.Services;
import dev.qgjob.simfarm.phone.Phone;
import dev.qgjob.simfarm.shell.Shell;
import dev.qgjob.simfarm.uiautomator.UiServer;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a phone offers behind its ADB port. */
final class PhoneServices implements Services {
  private static final Logger LOG = LoggerFactory.getLogger(PhoneServices.class);
  private static final String UI_PORT = "tcp:6790";

  private final Phone phone;
  private final Shell shell;
  private final UiServer uiServer;
  private final Runnable reboot;

  PhoneServices(Phone phone, Shell shell, UiServer uiServer, Runnable reboot) {
    this.phone = phone;
    this.shell = shell;
    this.uiServer = uiServer;
    this.reboot = reboot;
  }

  @Override
  public Optional<Service> find(String destination) throws InterruptedException {
    int colon = destination.indexOf(':');
    String kind = colon < 0 ? destination : destination.substring(0, colon);
    String rest = colon < 0 ? "" : destination.substring(colon + 1);
    return switch (kind) {
      case "shell", "exec" -> Optional.of(new ShellService(shell, rest));
      case "sync" -> Optional.of(new SyncService(phone));
      case "tcp" -> destination.equals(UI_PORT) ? uiServer() : Optional.empty();
      case "root" -> say("adbd cannot run as root in production builds\n");
      case "unroot" -> say("adbd not running as root\n");
      case "remount" -> say("Not running as root. Try \"adb root\" first.\n");
      case "reboot" -> {
        reboot.run();
        yield Optional.empty();
      }
      default -> {
        LOG.warn("{}: refused service '{}'", phone.identity().serial(), destination);
        yield Optional.empty();
      }
    };
  }

  /** A connection to the UiAutomator2 server; it ends with the server. */
  private Optional<Service> uiServer() throws InterruptedException {
    return phone
        .instrumentation()
        .knock()
        .map(
            run ->
                stream -> {
                  var unused = run.thenRun(stream::close);
                  serve(stream);
                  return CompletableFuture.completedFuture(null);
                });
  }

  private void serve(AdbStream stream) throws IOException {
    uiServer.serve(stream.input(), stream.output());
  }

  private static Optional<Service> say(String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return Optional.of(
        stream -> {
          stream.write(bytes, 0, bytes.length);
          return CompletableFuture.completedFuture(null);
        });
  }
}
