package dev.qgjob.simfarm.shell;

import dev.qgjob.simfarm.apk.ApkReader;
import dev.qgjob.simfarm.phone.DeviceFiles;
import dev.qgjob.simfarm.phone.DeviceFiles.Entry;
import dev.qgjob.simfarm.phone.Phone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Programs that look at and change the phone's files. */
final class FileCommands {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  private final Phone phone;

  private FileCommands(Phone phone) {
    this.phone = phone;
  }

  static Map<String, Command> of(Phone phone) {
    FileCommands all = new FileCommands(phone);
    return Map.of(
        "ls", Command.quick(all::ls),
        "mkdir", Command.quick(all::mkdir),
        "rm", Command.quick(all::rm),
        "touch", Command.quick(all::touch),
        "chmod", Command.quick(invocation -> ShellResult.OK),
        "cat", Command.quick(all::cat),
        "stat", Command.quick(all::stat),
        "[", Command.quick(all::test),
        "sha256sum", Command.quick(invocation -> all.digest(invocation, "SHA-256")),
        "md5sum", Command.quick(invocation -> all.digest(invocation, "MD5")));
  }

  private ShellResult ls(Invocation invocation) {
    boolean detailed = invocation.after(1).stream().anyMatch(word -> word.matches("-\\w*l\\w*"));
    boolean self = invocation.after(1).stream().anyMatch(word -> word.matches("-\\w*d\\w*"));
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    for (String path : expand(invocation.operands(1))) {
      Optional<Entry> entry = phone.files().find(path);
      if (entry.isEmpty()) {
        err.append("ls: ").append(path).append(": No such file or directory\n");
      } else if (entry.get().isFolder() && !self) {
        for (String name : phone.files().list(path)) {
          phone
              .files()
              .find(path + "/" + name)
              .ifPresent(each -> out.append(line(name, each, detailed)));
        }
      } else {
        out.append(line(path, entry.get(), detailed));
      }
    }
    return new ShellResult(out.toString(), err.toString(), err.isEmpty() ? 0 : 1);
  }

  private static String line(String name, Entry entry, boolean detailed) {
    if (!detailed) {
      return name + "\n";
    }
    return "%s 1 shell shell %d %s %s%n"
        .formatted(
            entry.isFolder() ? "drwxr-xr-x" : "-rw-r--r--",
            entry.size(),
            TIME.format(entry.modified()),
            name)
        .replace("\r", "");
  }

  private ShellResult mkdir(Invocation invocation) {
    invocation.operands(1).forEach(path -> phone.files().mkdirs(path, phone.clock().instant()));
    return ShellResult.OK;
  }

  private ShellResult rm(Invocation invocation) {
    boolean force = invocation.after(1).stream().anyMatch(word -> word.matches("-\\w*f\\w*"));
    StringBuilder err = new StringBuilder();
    for (String path : expand(invocation.operands(1))) {
      if (!phone.files().remove(path) && !force) {
        err.append("rm: ").append(path).append(": No such file or directory\n");
      }
    }
    return new ShellResult("", err.toString(), err.isEmpty() ? 0 : 1);
  }

  private ShellResult touch(Invocation invocation) {
    for (String path : invocation.operands(1)) {
      if (phone.files().find(path).isEmpty()) {
        try {
          phone.files().write(path, new byte[0], phone.clock().instant());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return ShellResult.OK;
  }

  private ShellResult cat(Invocation invocation) {
    if (invocation.operands(1).isEmpty()) {
      return ShellResult.text(invocation.stdin());
    }
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    for (String path : invocation.operands(1)) {
      Optional<Path> content = phone.files().find(path).flatMap(Entry::content);
      if (content.isEmpty()) {
        err.append("cat: ").append(path).append(": No such file or directory\n");
      } else {
        try {
          out.append(Files.readString(content.get(), java.nio.charset.StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return new ShellResult(out.toString(), err.toString(), err.isEmpty() ? 0 : 1);
  }

  private ShellResult stat(Invocation invocation) {
    List<String> paths = new ArrayList<>(invocation.operands(1));
    invocation.option("-c").ifPresent(paths::remove);
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    for (String path : paths) {
      Optional<Entry> entry = phone.files().find(path);
      if (entry.isEmpty()) {
        err.append("stat: '").append(path).append("': No such file or directory\n");
      } else {
        out.append(
                invocation
                    .option("-c")
                    .orElse("%n %s")
                    .replace("%n", path)
                    .replace("%s", Long.toString(entry.get().size()))
                    .replace("%Y", Long.toString(entry.get().modified().getEpochSecond())))
            .append('\n');
      }
    }
    return new ShellResult(out.toString(), err.toString(), err.isEmpty() ? 0 : 1);
  }

  private ShellResult test(Invocation invocation) {
    Optional<Entry> entry = phone.files().find(invocation.word(2));
    boolean holds =
        switch (invocation.word(1)) {
          case "-e" -> entry.isPresent();
          case "-f" -> entry.isPresent() && !entry.get().isFolder();
          case "-d" -> entry.isPresent() && entry.get().isFolder();
          default -> false;
        };
    return new ShellResult("", "", holds ? 0 : 1);
  }

  private ShellResult digest(Invocation invocation, String algorithm) {
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    for (String path : expand(invocation.operands(1))) {
      Optional<Path> content = phone.files().find(path).flatMap(Entry::content);
      if (content.isEmpty()) {
        err.append(invocation.name())
            .append(": ")
            .append(path)
            .append(": No such file or directory\n");
      } else {
        try {
          String digest = ApkReader.digest(content.get(), algorithm);
          out.append(invocation.has("-b") ? digest : digest + "  " + path).append('\n');
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return new ShellResult(out.toString(), err.toString(), err.isEmpty() ? 0 : 1);
  }

  /** A last name of {@code *} stands for everything in the folder. */
  private List<String> expand(List<String> paths) {
    DeviceFiles files = phone.files();
    List<String> all = new ArrayList<>();
    for (String path : paths) {
      if (path.endsWith("/*")) {
        String folder = path.substring(0, path.length() - 2);
        files.list(folder).forEach(name -> all.add(folder + "/" + name));
      } else {
        all.add(path);
      }
    }
    return all;
  }
}
