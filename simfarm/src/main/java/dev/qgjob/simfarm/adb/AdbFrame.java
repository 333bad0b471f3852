package dev.qgjob.simfarm.adb;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One message of the ADB transport: a 24-byte little-endian header (command, two arguments, length,
 * byte sum, inverted command) and its payload.
 *
 * @param payload at most {@link #MAX_PAYLOAD} bytes; not copied, so it must not be changed
 *     afterwards
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody, and copied data would double every install
public record AdbFrame(AdbCommand command, int arg0, int arg1, byte[] payload) {
  /** Bytes in the header of every frame. */
  public static final int HEADER = 24;

  /**
   * The largest payload that a simulated phone announces, and so the largest one that it accepts.
   */
  public static final int MAX_PAYLOAD = 256 * 1024;

  private static final byte[] NOTHING = new byte[0];

  /** Refuses a payload that no peer would accept. */
  public AdbFrame {
    if (payload.length > MAX_PAYLOAD) {
      throw new IllegalArgumentException(
          "payload of " + payload.length + " bytes is over the limit");
    }
  }

  /** A frame without payload. */
  public static AdbFrame of(AdbCommand command, int arg0, int arg1) {
    return new AdbFrame(command, arg0, arg1, NOTHING);
  }

  /**
   * Reads one frame, waiting for it as long as the stream does.
   *
   * @return the frame, or empty if the stream ended between two frames
   * @throws MalformedFrameException if the header contradicts itself, names no command, announces
   *     more than {@link #MAX_PAYLOAD} bytes, or the payload does not have the announced sum
   * @throws EOFException if the stream ended inside a frame
   */
  public static Optional<AdbFrame> read(InputStream in) throws IOException {
    byte[] head = in.readNBytes(HEADER);
    if (head.length == 0) {
      return Optional.empty();
    }
    if (head.length < HEADER) {
      throw new EOFException("the connection ended inside a frame header");
    }
    ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int code = header.getInt();
    int arg0 = header.getInt();
    int arg1 = header.getInt();
    int length = header.getInt();
    int sum = header.getInt();
    if (header.getInt() != ~code) {
      throw new MalformedFrameException("the frame's magic does not invert its command");
    }
    AdbCommand command =
        AdbCommand.of(code)
            .orElseThrow(
                () ->
                    new MalformedFrameException("unknown command 0x" + Integer.toHexString(code)));
    if (length < 0 || length > MAX_PAYLOAD) {
      throw new MalformedFrameException(
          "a payload of " + Integer.toUnsignedString(length) + " bytes is over " + MAX_PAYLOAD);
    }
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException("the connection ended inside a frame payload");
    }
    if (sum(payload) != sum) {
      throw new MalformedFrameException("the payload's sum is not the announced one");
    }
    return Optional.of(new AdbFrame(command, arg0, arg1, payload));
  }

  /** The frame as it goes over the wire, header and payload in one piece. */
  public byte[] bytes() {
    return ByteBuffer.allocate(HEADER + payload.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(command.code())
        .putInt(arg0)
        .putInt(arg1)
        .putInt(payload.length)
        .putInt(sum(payload))
        .putInt(~command.code())
        .put(payload)
        .array();
  }

  /** The payload as text, without the zero byte that ends service names and banners. */
  public String text() {
    int end = payload.length;
    while (end > 0 && payload[end - 1] == 0) {
      end--;
    }
    return new String(payload, 0, end, StandardCharsets.UTF_8);
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (byte b : bytes) {
      sum += b & 0xff;
    }
    return sum;
  }
}
