package dev.qgjob.api.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On the server's own container, which finds the extension itself, with few threads. */
@Timeout(60)
class DoorTest {
  private static final int THREADS = 16;
  private static final String TOKEN = "Authorization: Bearer x\r\n";

  /** Answers {@code /read} when it has the body, and everything else without looking at it. */
  private static final class Backend extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Semaphore READING = new Semaphore(0);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getPathInfo().startsWith("/read")) {
        READING.release();
        byte[] body = request.getInputStream().readAllBytes();
        response.getOutputStream().print(body.length);
      } else {
        response.setStatus(401);
      }
    }
  }

  private Undertow server;
  private final List<Socket> open = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    Backend.READING.drainPermits();
    DeploymentManager deployment =
        Servlets.defaultContainer()
            .addDeployment(
                Servlets.deployment()
                    .setClassLoader(DoorTest.class.getClassLoader())
                    .setContextPath("/")
                    .setDeploymentName("door")
                    .addServlet(Servlets.servlet("backend", Backend.class).addMapping("/*")));
    deployment.deploy();
    server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setIoThreads(2)
            .setWorkerThreads(THREADS)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 1L << 32)
            .setHandler(deployment.start())
            .build();
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    server.stop();
  }

  private Socket send(String head, int length, int sent) throws IOException {
    Socket socket = new Socket();
    socket.connect((InetSocketAddress) server.getListenerInfo().get(0).getAddress());
    socket.setSoTimeout(10_000);
    open.add(socket);
    String request = head + "Host: x\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(sent);
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private void othersAreAnswered() throws IOException {
    assertThat(answer(send("GET /other HTTP/1.1\r\n", 0, 0))).contains(" 401 ");
    Socket whole = send("POST /read HTTP/1.1\r\n" + TOKEN, 5, 5);
    assertThat(answer(whole)).contains(" 200 ");
  }

  @Test
  void smallBodiesThatDoNotComeHoldNoThread() throws IOException {
    for (int i = 0; i < 3 * THREADS; i++) {
      send("POST /read HTTP/1.1\r\n", 1_000, 10);
    }
    othersAreAnswered();
    assertThat(Backend.READING.drainPermits()).isEqualTo(1);
  }

  @Test
  void aBodyThatNobodyReadsHoldsItsThreadNoLonger() throws IOException {
    List<Socket> refused = new ArrayList<>();
    for (int i = 0; i < 3 * THREADS; i++) {
      refused.add(send("PUT /other HTTP/1.1\r\n", 1 << 30, 100_000));
    }
    othersAreAnswered();
    assertThat(answer(refused.get(0))).contains(" 401 ");
  }

  @Test
  void largeBodiesThatDoNotComeKeepNobodysPlace() throws IOException {
    for (int i = 0; i < 3 * THREADS; i++) {
      send("POST /read HTTP/1.1\r\n" + TOKEN, 100_000, 10);
    }
    Socket whole = send("POST /read HTTP/1.1\r\n" + TOKEN, 100_000, 100_000);
    assertThat(answer(whole)).contains(" 200 ");
  }

  @Test
  void whatCameWholeIsReadWhole() throws IOException {
    for (int length : new int[] {1, 65_535, 65_536, 65_537, 1_000_000}) {
      Socket socket = send("POST /read HTTP/1.1\r\nConnection: close\r\n", length, length);
      String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(all).startsWith("HTTP/1.1 200").endsWith("\r\n" + length);
    }
  }

  @Test
  void largeBodiesOfOneTokenLeaveRoomForThoseOfAnother() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sockets.add(send("POST /read HTTP/1.1\r\n" + TOKEN, 100_000, 70_000));
    }
    assertThat(Backend.READING.tryAcquire(4, 10, SECONDS)).isTrue();
    assertThat(answer(send("POST /read HTTP/1.1\r\n" + TOKEN, 100_000, 70_000))).contains(" 429 ");
    Socket other = send("POST /read HTTP/1.1\r\nAuthorization: Bearer y\r\n", 100_000, 100_000);
    assertThat(answer(other)).contains(" 200 ");
    Socket worker = send("POST /read/workers/w/beat HTTP/1.1\r\n" + TOKEN, 100_000, 100_000);
    assertThat(answer(worker)).contains(" 200 ");
    // a place that was given back is another's
    sockets.get(0).getOutputStream().write("x".repeat(30_000).getBytes(UTF_8));
    assertThat(answer(sockets.get(0))).contains(" 200 ");
    assertThat(answer(send("POST /read HTTP/1.1\r\n" + TOKEN, 100_000, 100_000))).contains(" 200 ");
  }

  @Test
  void bodiesThatTogetherWouldFillTheMemoryAreNotTakenIn() throws Exception {
    int most = 8 << 20;
    send("POST /read HTTP/1.1\r\n" + TOKEN, most, 70_000);
    assertThat(Backend.READING.tryAcquire(10, SECONDS)).isTrue();
    assertThat(answer(send("POST /read HTTP/1.1\r\n" + TOKEN, most, 70_000))).contains(" 429 ");
  }

  @Test
  void theOneThatNeedsNoTokenTakesNoLargeBody() throws IOException {
    assertThat(answer(send("POST /read/workers/enrol HTTP/1.1\r\n", 8 << 20, 10)))
        .contains(" 413 ");
    Socket chunked = new Socket();
    chunked.connect((InetSocketAddress) server.getListenerInfo().get(0).getAddress());
    open.add(chunked);
    String head = "POST /read/workers/enrol HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n";
    chunked.getOutputStream().write((head + "\r\n1\r\n").getBytes(UTF_8));
    assertThat(answer(chunked)).contains(" 413 ");
  }
}
