package dev.qgjob.simfarm.adb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AdbConnectionTest {
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final CompletableFuture<Void> hungUp = new CompletableFuture<>();
  private AdbListener listener;
  private Socket socket;
  private InputStream in;

  @BeforeEach
  void open() throws IOException {
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    listener = new AdbListener(port, "device::features=", this::find, executor);
    listener.listen();
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    in = socket.getInputStream();
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    listener.close();
    executor.shutdownNow();
  }

  private Optional<Service> find(String destination) {
    return switch (destination) {
      case "large" ->
          Optional.of(
              stream -> {
                stream.write(new byte[5_000], 0, 5_000);
                return CompletableFuture.completedFuture(null);
              });
      case "echo" ->
          Optional.of(
              stream -> {
                byte[] bytes = stream.input().readNBytes(3);
                stream.write(bytes, 0, 3);
                return CompletableFuture.completedFuture(null);
              });
      case "stays" ->
          Optional.of(
              stream -> {
                stream.onHangUp(() -> hungUp.complete(null));
                return new CompletableFuture<Void>();
              });
      default -> Optional.empty();
    };
  }

  @Test
  void greetsWithoutAuthentication() throws IOException {
    send(new AdbFrame(AdbCommand.CNXN, 0x01000001, 1 << 20, bytes("host::\0")));

    AdbFrame greeting = receive(AdbCommand.CNXN);

    assertThat(greeting.arg0()).isEqualTo(0x01000000);
    assertThat(greeting.arg1()).isEqualTo(256 * 1024);
    assertThat(greeting.text()).isEqualTo("device::features=");
  }

  @Test
  void sendsThePieceAfterTheFirstOnlyWhenThatWasTaken() throws IOException {
    greet(4096);
    send(new AdbFrame(AdbCommand.OPEN, 7, 0, bytes("large\0")));
    int id = receive(AdbCommand.OKAY).arg0();

    assertThat(receive(AdbCommand.WRTE).payload()).hasSize(4096);
    socket.setSoTimeout(200);
    assertThat(catchTimeout()).isTrue();
    socket.setSoTimeout(0);

    send(AdbFrame.of(AdbCommand.OKAY, 7, id));
    assertThat(receive(AdbCommand.WRTE).payload()).hasSize(5_000 - 4096);
    receive(AdbCommand.CLSE);
  }

  @Test
  void acknowledgesWhatWasRead() throws IOException {
    greet(4096);
    send(new AdbFrame(AdbCommand.OPEN, 9, 0, bytes("echo\0")));
    int id = receive(AdbCommand.OKAY).arg0();

    send(new AdbFrame(AdbCommand.WRTE, 9, id, bytes("abc")));

    receive(AdbCommand.OKAY);
    assertThat(receive(AdbCommand.WRTE).text()).isEqualTo("abc");
  }

  @Test
  void refusesAServiceThatThePhoneDoesNotHave() throws IOException {
    greet(4096);
    send(new AdbFrame(AdbCommand.OPEN, 3, 0, bytes("jdwp:1\0")));

    AdbFrame refusal = receive(AdbCommand.CLSE);

    assertThat(refusal.arg0()).isZero();
    assertThat(refusal.arg1()).isEqualTo(3);
  }

  @Test
  void tellsAServiceThatThePeerHungUp() throws IOException {
    greet(4096);
    send(new AdbFrame(AdbCommand.OPEN, 4, 0, bytes("stays\0")));
    int id = receive(AdbCommand.OKAY).arg0();

    send(AdbFrame.of(AdbCommand.CLSE, 4, id));

    assertThat(hungUp.join()).isNull();
  }

  @Test
  void aPulledCableEndsTheServicesToo() throws IOException {
    greet(4096);
    send(new AdbFrame(AdbCommand.OPEN, 4, 0, bytes("stays\0")));
    receive(AdbCommand.OKAY);

    listener.vanish();

    assertThat(hungUp.join()).isNull();
    assertThat(listener.isAnswering()).isFalse();
  }

  @Test
  void garbageEndsOnlyItsOwnConnection() throws IOException {
    socket.getOutputStream().write(bytes("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
    assertThat(in.read()).isEqualTo(-1);

    socket = new Socket(InetAddress.getLoopbackAddress(), socket.getPort());
    in = socket.getInputStream();
    greet(4096);
  }

  @Test
  void aPhoneThatHangsAnswersAgainAfterItsReturn() throws IOException {
    greet(4096);
    listener.hang();
    send(new AdbFrame(AdbCommand.OPEN, 4, 0, bytes("stays\0")));
    socket.setSoTimeout(200);
    assertThat(catchTimeout()).isTrue();

    listener.comeBack();

    socket = new Socket(InetAddress.getLoopbackAddress(), socket.getPort());
    in = socket.getInputStream();
    greet(4096);
    assertThat(listener.isAnswering()).isTrue();
  }

  private boolean catchTimeout() throws IOException {
    try {
      AdbFrame.read(in);
      return false;
    } catch (java.net.SocketTimeoutException e) {
      return true;
    }
  }

  private void greet(int maxPayload) throws IOException {
    send(new AdbFrame(AdbCommand.CNXN, 0x01000001, maxPayload, bytes("host::\0")));
    receive(AdbCommand.CNXN);
  }

  private void send(AdbFrame frame) throws IOException {
    socket.getOutputStream().write(frame.bytes());
  }

  private AdbFrame receive(AdbCommand expected) throws IOException {
    AdbFrame frame = AdbFrame.read(in).orElseThrow();
    assertThat(frame.command()).isEqualTo(expected);
    return frame;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
