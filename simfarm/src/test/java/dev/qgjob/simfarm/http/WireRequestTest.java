package dev.qgjob.simfarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WireRequestTest {

  @Test
  void readsOneRequestAfterTheOther() throws IOException {
    ByteArrayInputStream in =
        in(
            "POST /a HTTP/1.1\r\nContent-Length: 4\r\nX: y\r\n\r\nbody"
                + "GET /b HTTP/1.1\r\nHost: z\r\n\r\n");

    WireRequest first = WireRequest.read(in).orElseThrow();
    assertThat(first.method()).isEqualTo("POST");
    assertThat(first.body()).isEqualTo("body");
    assertThat(first.headers()).containsEntry("x", "y");
    assertThat(WireRequest.read(in)).get().extracting(WireRequest::path).isEqualTo("/b");
    assertThat(WireRequest.read(in)).isEqualTo(Optional.empty());
  }

  @Test
  void refusesWhatItCannotTake() {
    assertThatThrownBy(() -> WireRequest.read(in("hello\r\n\r\n")))
        .hasMessage("not an HTTP request");
    assertThatThrownBy(
            () -> WireRequest.read(in("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")))
        .hasMessage("a body needs its length");
    assertThatThrownBy(
            () -> WireRequest.read(in("POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n")))
        .hasMessage("the body is too large");
    assertThatThrownBy(() -> WireRequest.read(in("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(20_000))))
        .hasMessage("the headers are too large");
  }

  @Property
  void anyBytesAreReadOrRefusedButNeverACrash(@ForAll byte[] bytes) {
    try {
      assertThat(WireRequest.read(new ByteArrayInputStream(bytes))).isNotNull();
    } catch (IOException expected) {
      assertThat(expected)
          .isInstanceOfAny(WireRequest.BadRequestException.class, EOFException.class);
    }
  }

  private static ByteArrayInputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
