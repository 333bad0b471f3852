package dev.qgjob.simfarm.device;

import dev.qgjob.simfarm.adb.AdbStream;
import dev.qgjob.simfarm.adb.MalformedFrameException;
import dev.qgjob.simfarm.adb.Service;
import dev.qgjob.simfarm.phone.DeviceFiles;
import dev.qgjob.simfarm.phone.DeviceFiles.Entry;
import dev.qgjob.simfarm.phone.Phone;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The {@code sync:} service: adb's push, pull and ls. */
final class SyncService implements Service {
  private static final int MAX_NAME = 1024;
  private static final int CHUNK = 64 * 1024;

  private final Phone phone;

  SyncService(Phone phone) {
    this.phone = phone;
  }

  @Override
  public CompletionStage<?> serve(AdbStream stream) throws IOException {
    InputStream in = stream.input();
    try (OutputStream out = new BufferedOutputStream(stream.output(), CHUNK + 8)) {
      boolean more = true;
      while (more) {
        byte[] head = in.readNBytes(8);
        if (head.length < 8) {
          break;
        }
        ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        String id = new String(head, 0, 4, StandardCharsets.US_ASCII);
        int length = header.getInt(4);
        more = handle(id, length, in, out);
        out.flush();
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  private boolean handle(String id, int length, InputStream in, OutputStream out)
      throws IOException {
    switch (id) {
      case "STAT" -> stat(name(in, length), out);
      case "LIST" -> list(name(in, length), out);
      case "RECV" -> receive(name(in, length), out);
      case "SEND" -> send(name(in, length), in, out);
      case "QUIT" -> {
        return false;
      }
      default -> {
        fail(out, "unknown sync request");
        return false;
      }
    }
    return true;
  }

  private void stat(String path, OutputStream out) throws IOException {
    Optional<Entry> entry = phone.files().find(path);
    out.write(
        reply("STAT", 12)
            .putInt(entry.map(Entry::mode).orElse(0))
            .putInt(entry.map(each -> (int) each.size()).orElse(0))
            .putInt(entry.map(each -> (int) each.modified().getEpochSecond()).orElse(0))
            .array());
  }

  private void list(String path, OutputStream out) throws IOException {
    DeviceFiles files = phone.files();
    for (String each : files.list(path)) {
      Optional<Entry> entry = files.find(path + "/" + each);
      if (entry.isPresent()) {
        byte[] name = each.getBytes(StandardCharsets.UTF_8);
        out.write(
            reply("DENT", 16 + name.length)
                .putInt(entry.get().mode())
                .putInt((int) entry.get().size())
                .putInt((int) entry.get().modified().getEpochSecond())
                .putInt(name.length)
                .put(name)
                .array());
      }
    }
    out.write(reply("DONE", 16).array());
  }

  private void receive(String path, OutputStream out) throws IOException {
    Optional<Path> content = phone.files().find(path).flatMap(Entry::content);
    if (content.isEmpty()) {
      fail(out, "open failed: No such file or directory");
      return;
    }
    try (InputStream file = Files.newInputStream(content.get())) {
      byte[] buffer = new byte[CHUNK];
      for (int n = file.read(buffer); n > 0; n = file.read(buffer)) {
        out.write(reply("DATA", 4).putInt(n).array());
        out.write(buffer, 0, n);
      }
    }
    out.write(reply("DONE", 4).putInt(0).array());
  }

  /** Takes a pushed file; the name carries its mode after a comma. */
  private void send(String nameAndMode, InputStream in, OutputStream out) throws IOException {
    int comma = nameAndMode.lastIndexOf(',');
    String path = comma < 0 ? nameAndMode : nameAndMode.substring(0, comma);
    Path scratch = phone.files().scratchFile();
    try (OutputStream file = Files.newOutputStream(scratch)) {
      Instant modified = copy(in, file);
      file.close();
      phone.files().put(path, scratch, modified);
    } finally {
      if (phone.files().find(path).flatMap(Entry::content).filter(scratch::equals).isEmpty()) {
        Files.deleteIfExists(scratch);
      }
    }
    out.write(reply("OKAY", 4).putInt(0).array());
  }

  private static Instant copy(InputStream in, OutputStream file) throws IOException {
    while (true) {
      byte[] head = in.readNBytes(8);
      if (head.length < 8) {
        throw new EOFException("the push was broken off");
      }
      String id = new String(head, 0, 4, StandardCharsets.US_ASCII);
      int number = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
      if (id.equals("DONE")) {
        return Instant.ofEpochSecond(Integer.toUnsignedLong(number));
      }
      if (!id.equals("DATA") || number < 0 || number > CHUNK) {
        throw new MalformedFrameException("not a piece of a pushed file: " + id + " " + number);
      }
      byte[] piece = in.readNBytes(number);
      if (piece.length < number) {
        throw new EOFException("the push was broken off");
      }
      file.write(piece);
    }
  }

  private static String name(InputStream in, int length) throws IOException {
    if (length < 0 || length > MAX_NAME) {
      throw new MalformedFrameException("a name of " + length + " bytes");
    }
    byte[] name = in.readNBytes(length);
    if (name.length < length) {
      throw new EOFException("the request was broken off");
    }
    return new String(name, StandardCharsets.UTF_8);
  }

  private static void fail(OutputStream out, String reason) throws IOException {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    out.write(reply("FAIL", 4 + text.length).putInt(text.length).put(text).array());
  }

  private static ByteBuffer reply(String id, int length) {
    return ByteBuffer.wrap(Arrays.copyOf(id.getBytes(StandardCharsets.US_ASCII), 4 + length))
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(4);
  }
}
