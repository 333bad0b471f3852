package dev.qgjob.simfarm.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AdbFrameTest {

  @Property
  void whatIsWrittenIsReadAgain(
      @ForAll AdbCommand command,
      @ForAll int arg0,
      @ForAll int arg1,
      @ForAll @Size(max = 5_000) byte[] payload)
      throws IOException {
    AdbFrame read = read(new AdbFrame(command, arg0, arg1, payload).bytes());

    assertThat(read.command()).isEqualTo(command);
    assertThat(read.arg0()).isEqualTo(arg0);
    assertThat(read.arg1()).isEqualTo(arg1);
    assertThat(read.payload()).isEqualTo(payload);
  }

  @Property
  void anyBytesAreAFrameOrRefusedButNeverACrash(@ForAll @Size(max = 400) byte[] bytes) {
    readAll(bytes);
  }

  @Property
  void aFrameWithOneByteChangedIsNeverReadAsAnotherOne(
      @ForAll @Size(min = 1, max = 200) byte[] payload,
      @ForAll @IntRange(max = 223) int where,
      @ForAll @IntRange(min = 1, max = 255) int flip)
      throws IOException {
    AdbFrame sent = new AdbFrame(AdbCommand.WRTE, 1, 2, payload);
    byte[] bytes = sent.bytes();
    int at = where % bytes.length;
    bytes[at] ^= (byte) flip;

    try {
      AdbFrame read = read(bytes);
      // the two arguments carry no check of their own
      assertThat(at).isBetween(4, 11);
      assertThat(read.payload()).isEqualTo(payload);
    } catch (MalformedFrameException | EOFException expected) {
      assertThat(expected).hasMessageNotContaining("null");
    }
  }

  @Test
  void anAnnouncedLengthOverTheLimitIsRefusedBeforeItIsRead() {
    byte[] header =
        ByteBuffer.allocate(AdbFrame.HEADER)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(AdbCommand.WRTE.code())
            .putInt(1)
            .putInt(1)
            .putInt(0xffffffff)
            .putInt(0)
            .putInt(~AdbCommand.WRTE.code())
            .array();

    assertThatThrownBy(() -> read(header))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessageContaining("4294967295");
  }

  private static AdbFrame read(byte[] bytes) throws IOException {
    return AdbFrame.read(new ByteArrayInputStream(bytes)).orElseThrow();
  }

  private static void readAll(byte[] bytes) {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    try {
      while (AdbFrame.read(in).isPresent()) {
        assertThat(in.available()).isLessThan(bytes.length);
      }
    } catch (IOException expected) {
      assertThat(expected).isInstanceOfAny(MalformedFrameException.class, EOFException.class);
    }
  }
}
