package dev.qgjob.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose fault it is when a file that comes does not arrive. */
class MotionTest {
  /** Takes nothing: each write to it says that the disk is full. Linux has it. */
  private static final Path FULL = Path.of("/dev/full");

  private static final Flow.Subscription SUBSCRIPTION =
      new Flow.Subscription() {
        @Override
        public void request(long n) {
          // the test sends what it likes
        }

        @Override
        public void cancel() {
          // nobody sends
        }
      };

  private final Motion motion = new Motion();

  private BodySubscriber<byte[]> receiving(Path file) {
    BodySubscriber<byte[]> subscriber = motion.into(file).apply(new Ok());
    subscriber.onSubscribe(SUBSCRIPTION);
    return subscriber;
  }

  @Test
  void aFullDiskIsNotTheServers() {
    assumeTrue(Files.exists(FULL), "no /dev/full on this system");
    BodySubscriber<byte[]> subscriber = receiving(FULL);
    CompletableFuture<byte[]> body = subscriber.getBody().toCompletableFuture();
    subscriber.onNext(List.of(ByteBuffer.wrap("bytes".getBytes(StandardCharsets.UTF_8))));

    assertThatThrownBy(body::join).hasRootCauseMessage("No space left on device");
    assertThat(motion.unwritable()).containsInstanceOf(IOException.class);
  }

  @Test
  void aLineThatBreaksIsNotTheDisks(@TempDir Path folder) throws IOException {
    BodySubscriber<byte[]> subscriber = receiving(Files.createFile(folder.resolve("part")));
    CompletableFuture<byte[]> body = subscriber.getBody().toCompletableFuture();
    subscriber.onError(new IOException("connection reset"));

    assertThatThrownBy(body::join).hasRootCauseMessage("connection reset");
    assertThat(motion.unwritable()).isEmpty();
  }

  private record Ok() implements HttpResponse.ResponseInfo {
    @Override
    public int statusCode() {
      return 200;
    }

    @Override
    public HttpHeaders headers() {
      return HttpHeaders.of(Map.of(), (name, value) -> true);
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }
}
