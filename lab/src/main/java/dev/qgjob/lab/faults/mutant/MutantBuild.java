package dev.qgjob.lab.faults.mutant;

import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A copy of the built distribution in which one patch has been applied: the touched sources are
 * compiled against the built ones, and their classes take the places of those in the copy.
 *
 * @param distribution the copy
 * @param workerClasses folders that go before the worker's own classes
 */
public record MutantBuild(Distribution distribution, List<Path> workerClasses) {
  private static final Pattern TOUCHED = Pattern.compile("(?m)^\\+\\+\\+ b/(\\S+)");
  private static final Pattern SOURCE = Pattern.compile("([a-z-]+)/src/main/(java|resources)/(.+)");
  private static final String SERVER = "ear/src/main/server";

  /** The sources that a patch changes. */
  public static List<String> touched(String patch) {
    return TOUCHED.matcher(patch).results().map(found -> found.group(1)).distinct().toList();
  }

  /**
   * Builds one.
   *
   * @param patch what to apply
   * @param folder for the copy; what is there is replaced
   */
  public static MutantBuild of(Distribution built, Path patch, Path folder) throws IOException {
    Maker maker = new Maker(built.root(), patch, folder);
    return maker.make();
  }

  private static final class Maker {
    private final Path root;
    private final Path patch;
    private final Path copy;
    private final Path sources;
    private final List<String> touched;

    Maker(Path root, Path patch, Path folder) throws IOException {
      this.root = root;
      this.patch = patch;
      this.copy = folder;
      this.sources = folder.resolve("sources");
      this.touched = touched(Files.readString(patch));
    }

    MutantBuild make() throws IOException {
      run("rm", "-rf", copy.toString());
      Files.createDirectories(copy.resolve("ear"));
      run("cp", "-a", root.resolve("ear/target").toString(), copy.resolve("ear/target").toString());
      Files.createSymbolicLink(copy.resolve("tools"), root.resolve("tools"));
      Files.createSymbolicLink(copy.resolve("docker"), root.resolve("docker"));
      applyPatch();
      List<Path> workers = new ArrayList<>();
      for (String module : List.of("domain", "scheduler-ejb", "worker")) {
        Path classes = compiled(module);
        if (Files.isDirectory(classes)) {
          if (module.equals("worker")) {
            workers.add(classes);
          } else {
            intoTheEar(module, classes);
          }
        }
      }
      if (touched.stream().anyMatch(file -> file.startsWith(SERVER))) {
        configure();
      }
      return new MutantBuild(new Distribution(copy), workers);
    }

    private void applyPatch() throws IOException {
      for (String file : touched) {
        Path to = sources.resolve(file);
        Files.createDirectories(to.getParent());
        Files.copy(root.resolve(file), to);
      }
      run(
          "git",
          "-C",
          root.toString(),
          "apply",
          "--directory=" + root.relativize(sources),
          patch.toString());
    }

    /** The module's changed classes and resources. */
    private Path compiled(String module) throws IOException {
      Path classes = copy.resolve("classes").resolve(module);
      List<String> java = new ArrayList<>();
      for (String file : touched) {
        Matcher source = SOURCE.matcher(file);
        if (!source.matches() || !source.group(1).equals(module)) {
          continue;
        }
        Files.createDirectories(classes);
        if (source.group(2).equals("java")) {
          java.add(sources.resolve(file).toString());
        } else {
          Path to = classes.resolve(source.group(3));
          Files.createDirectories(to.getParent());
          Files.copy(sources.resolve(file), to);
        }
      }
      if (!java.isEmpty()) {
        compile(java, classes);
      }
      return classes;
    }

    private void compile(List<String> files, Path classes) throws IOException {
      List<String> arguments =
          new ArrayList<>(List.of("--release", "17", "-proc:none", "-parameters", "-nowarn", "-d"));
      arguments.add(classes.toString());
      arguments.add("-cp");
      arguments.add(classPath());
      arguments.addAll(files);
      int exit =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, System.err, arguments.toArray(String[]::new));
      if (exit != 0) {
        throw new IllegalStateException(patch + " does not compile");
      }
    }

    /** What is built already, with the platform that the server brings, and the lab's own. */
    private String classPath() throws IOException {
      List<String> all = new ArrayList<>();
      for (String module : List.of("protocol", "domain", "client", "worker", "scheduler-ejb")) {
        all.add(root.resolve(module).resolve("target/classes").toString());
      }
      try (Stream<Path> modules =
          Files.walk(root.resolve("ear/target/server/modules/system/layers/base"))) {
        modules
            .map(Path::toString)
            .filter(file -> file.endsWith(".jar"))
            .filter(file -> file.contains("/jakarta/") || file.contains("/org/hibernate/"))
            .forEach(all::add);
      }
      all.add(System.getProperty("java.class.path"));
      return String.join(System.getProperty("path.separator"), all);
    }

    private void intoTheEar(String module, Path classes) throws IOException {
      Path ear = copy.resolve("ear/target/qgjob.ear");
      try (FileSystem inside = FileSystems.newFileSystem(ear)) {
        Path jar = module.equals("domain") ? domain(inside) : inside.getPath("scheduler.jar");
        Path out = Files.createTempFile(copy, module, ".jar");
        Files.copy(jar, out, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem opened = FileSystems.newFileSystem(out);
            Stream<Path> files = Files.walk(classes)) {
          for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
            Path to = opened.getPath(classes.relativize(file).toString());
            Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
          }
        }
        Files.copy(out, jar, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(out);
      }
      Files.copy(
          ear,
          copy.resolve("ear/target/server/qgjob/qgjob.ear"),
          StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path domain(FileSystem ear) throws IOException {
      try (Stream<Path> libraries = Files.list(ear.getPath("lib"))) {
        return libraries
            .filter(file -> file.getFileName().toString().startsWith("dev.qgjob-domain"))
            .findFirst()
            .orElseThrow(() -> new IOException("the EAR has no domain"));
      }
    }

    /** The server's configuration is made from a script: made again from the patched one. */
    private void configure() throws IOException {
      Path all = copy.resolve("server-sources");
      run("cp", "-a", root.resolve(SERVER).toString(), all.toString());
      for (String file : touched) {
        if (file.startsWith(SERVER)) {
          Files.copy(
              sources.resolve(file),
              all.resolve(file.substring(SERVER.length() + 1)),
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
      String version = Files.readString(root.resolve("ear/target/server/qgjob/version")).strip();
      run(
          "bash",
          all.resolve("assemble.sh").toString(),
          all.toString(),
          copy.resolve("ear/target").toString(),
          version);
    }

    private void run(String... command) {
      try {
        Command.run(Files.createDirectories(copy.getParent()), Map.of(), List.of(command), 300)
            .expectSuccess();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
