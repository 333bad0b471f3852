package dev.qgjob.simfarm.apk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The block before a ZIP's central directory that carries APK signatures of scheme 2 and 3. Only
 * the first signer's certificate is read; whether the signature is right is apksigner's business.
 */
final class SigningBlock {
  private static final byte[] MAGIC = "APK Sig Block 42".getBytes(StandardCharsets.US_ASCII);
  private static final int SCHEME_2 = 0x7109871a;
  private static final int SCHEME_3 = 0xf05368c0;
  private static final int END_OF_ZIP = 0x06054b50;
  private static final int LARGEST_TAIL = 65_557;
  private static final int LARGEST_BLOCK = 16 * 1024 * 1024;

  private SigningBlock() {}

  /** The first signer's certificate (DER), if the file has such a block. */
  static Optional<byte[]> certificate(Path file) throws IOException {
    try (RandomAccessFile zip = new RandomAccessFile(file.toFile(), "r")) {
      long directory = directory(zip);
      if (directory < 32) {
        return Optional.empty();
      }
      ByteBuffer foot = read(zip, directory - 24, 24);
      long size = foot.getLong();
      byte[] magic = new byte[MAGIC.length];
      foot.get(magic);
      if (!java.util.Arrays.equals(magic, MAGIC)) {
        return Optional.empty();
      }
      long start = directory - size;
      if (size < 24 || size > LARGEST_BLOCK || start < 0) {
        throw new IOException("the APK's signing block has an impossible size");
      }
      return signer(read(zip, start, (int) size - 24));
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IOException("the APK's signing block is damaged", e);
    }
  }

  /** Goes through pairs of length, id and value. */
  private static Optional<byte[]> signer(ByteBuffer pairs) throws IOException {
    while (pairs.remaining() >= 12) {
      long length = pairs.getLong();
      if (length < 4 || length > pairs.remaining()) {
        throw new IOException("the APK's signing block is damaged");
      }
      int id = pairs.getInt();
      ByteBuffer value = cut(pairs, (int) length - 4);
      if (id == SCHEME_2 || id == SCHEME_3) {
        ByteBuffer signed = piece(piece(piece(value)));
        piece(signed); // digests
        ByteBuffer certificate = piece(piece(signed));
        byte[] bytes = new byte[certificate.remaining()];
        certificate.get(bytes);
        return Optional.of(bytes);
      }
    }
    return Optional.empty();
  }

  /** The next piece, which comes after its length. */
  private static ByteBuffer piece(ByteBuffer from) throws IOException {
    int length = from.getInt();
    if (length < 0 || length > from.remaining()) {
      throw new IOException("the APK's signing block is damaged");
    }
    return cut(from, length);
  }

  private static ByteBuffer cut(ByteBuffer from, int length) {
    ByteBuffer piece = from.slice(from.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    from.position(from.position() + length);
    return piece;
  }

  private static long directory(RandomAccessFile zip) throws IOException {
    int length = (int) Math.min(zip.length(), LARGEST_TAIL);
    ByteBuffer tail = read(zip, zip.length() - length, length);
    for (int at = length - 22; at >= 0; at--) {
      if (tail.getInt(at) == END_OF_ZIP) {
        return Integer.toUnsignedLong(tail.getInt(at + 16));
      }
    }
    return 0;
  }

  private static ByteBuffer read(RandomAccessFile zip, long from, int length) throws IOException {
    byte[] bytes = new byte[length];
    zip.seek(from);
    zip.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
