package dev.qgjob.simfarm.browserstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MultipartTest {

  /** Contents full of what a boundary is made of. */
  @Provide
  Arbitrary<String> contents() {
    return Arbitraries.of("\r", "\n", "-", "\r\n", "\r\n--", "\r\n--b", "b", "x")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts))
        .filter(text -> !text.contains("\r\n--bound"));
  }

  @Property
  void everyPartComesOutAsItWentIn(@ForAll("contents") String one, @ForAll("contents") String two)
      throws IOException {
    Map<String, String> parts =
        read(
            "--bound\r\nContent-Disposition: form-data; name=\"custom_id\"\r\n\r\n"
                + one
                + "\r\n--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.apk\"\r\nContent-Type: x\r\n\r\n"
                + two
                + "\r\n--bound--\r\n");

    assertThat(parts).containsExactly(Map.entry("custom_id", one), Map.entry("file a.apk", two));
  }

  @Test
  void aFormThatIsBrokenOffIsRefused() {
    assertThatThrownBy(
            () -> read("--bound\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhalf"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("hello")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("--bound")).isInstanceOf(IOException.class);
  }

  @Property
  void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
    try {
      Multipart.read(
          new ByteArrayInputStream(bytes), "b", (name, file) -> new ByteArrayOutputStream());
    } catch (IOException expected) {
      assertThat(expected).isNotNull();
    }
  }

  @Test
  void knowsItsContentType() {
    assertThat(Multipart.boundary("multipart/form-data; boundary=abc")).contains("abc");
    assertThat(Multipart.boundary("multipart/form-data; boundary=\"a b\"; x=y")).contains("a b");
    assertThat(Multipart.boundary("application/json")).isEmpty();
  }

  private static Map<String, String> read(String body) throws IOException {
    Map<String, String> parts = new LinkedHashMap<>();
    Multipart.read(
        new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)),
        "bound",
        (name, file) ->
            new ByteArrayOutputStream() {
              @Override
              public void close() {
                parts.put(
                    name + file.map(each -> " " + each).orElse(""),
                    toString(StandardCharsets.ISO_8859_1));
              }
            });
    return parts;
  }
}
