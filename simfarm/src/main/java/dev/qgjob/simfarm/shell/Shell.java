package dev.qgjob.simfarm.shell;

import dev.qgjob.simfarm.phone.DeviceFiles;
import dev.qgjob.simfarm.phone.Phone;
import dev.qgjob.simfarm.shell.ShellLine.Errors;
import dev.qgjob.simfarm.shell.ShellLine.Program;
import dev.qgjob.simfarm.shell.ShellLine.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs command lines on a phone. Thread-safe; a line that has to wait holds no thread. */
public final class Shell {
  private static final Logger LOG = LoggerFactory.getLogger(Shell.class);

  private final Phone phone;
  private final Executor executor;
  private final Map<String, Command> commands = new HashMap<>();

  /**
   * The shell of a phone.
   *
   * @param executor where lines go on after they had to wait
   */
  public Shell(Phone phone, Executor executor) {
    this.phone = phone;
    this.executor = executor;
    commands.putAll(FileCommands.of(phone));
    commands.putAll(PackageCommands.of(phone, executor));
    commands.putAll(ActivityCommands.of(phone));
    commands.putAll(DumpCommands.of(phone));
    commands.putAll(SystemCommands.of(phone));
  }

  /** Runs a line, shows what it says, and completes with its exit code. */
  public CompletableFuture<Integer> run(String line, Console console) {
    LOG.debug("{} $ {}", phone.identity().serial(), line);
    return steps(ShellLine.parse(line).steps().iterator(), 0, console);
  }

  private CompletableFuture<Integer> steps(Iterator<Step> steps, int lastCode, Console console) {
    if (!steps.hasNext()) {
      return CompletableFuture.completedFuture(lastCode);
    }
    Step step = steps.next();
    boolean runs =
        switch (step.when()) {
          case ALWAYS -> true;
          case AFTER_SUCCESS -> lastCode == 0;
          case AFTER_FAILURE -> lastCode != 0;
        };
    if (!runs) {
      return steps(steps, lastCode, console);
    }
    CompletableFuture<ShellResult> result =
        pipeline(step.pipeline().iterator(), "", lastCode, console);
    return goOn(result)
        .thenCompose(
            done -> {
              console.print(done.out());
              console.print(done.err());
              return steps(steps, done.code(), console);
            });
  }

  private CompletableFuture<ShellResult> pipeline(
      Iterator<Program> programs, String stdin, int lastCode, Console console) {
    Program program = programs.next();
    return goOn(start(program, stdin, lastCode, console))
        .thenCompose(
            raw -> {
              ShellResult result = redirect(program, raw);
              return programs.hasNext()
                  ? pipeline(programs, result.out(), lastCode, console)
                      .thenApply(
                          end -> new ShellResult(end.out(), result.err() + end.err(), end.code()))
                  : CompletableFuture.completedFuture(result);
            });
  }

  /** What is done stays on this thread; what has to wait goes on on the executor's. */
  private <T> CompletableFuture<T> goOn(CompletableFuture<T> future) {
    return future.isDone() ? future : future.thenApplyAsync(value -> value, executor);
  }

  private CompletableFuture<ShellResult> start(
      Program program, String stdin, int lastCode, Console console) {
    Invocation invocation =
        new Invocation(
            withoutExec(program.words()).stream()
                .map(word -> word.replace(ShellLine.LAST_CODE, Integer.toString(lastCode)))
                .toList(),
            stdin,
            console);
    Command command = commands.get(invocation.name());
    if (command == null) {
      LOG.warn(
          "{}: unknown command answered with nothing: {}",
          phone.identity().serial(),
          String.join(" ", invocation.words()));
      return CompletableFuture.completedFuture(ShellResult.OK);
    }
    return command.run(invocation);
  }

  /** {@code exec} makes no difference: a line has no process of its own. */
  private static List<String> withoutExec(List<String> words) {
    return words.size() > 1 && words.get(0).equals("exec") ? words.subList(1, words.size()) : words;
  }

  private ShellResult redirect(Program program, ShellResult result) {
    ShellResult joined =
        switch (program.errTo()) {
          case CONSOLE -> result;
          case WITH_OUTPUT -> new ShellResult(result.out() + result.err(), "", result.code());
          case NOWHERE -> new ShellResult(result.out(), "", result.code());
        };
    if (program.outTo().isEmpty()) {
      return joined;
    }
    if (!program.outTo().equals("/dev/null")) {
      write(program, joined.out());
    }
    return new ShellResult(
        "", program.errTo() == Errors.CONSOLE ? joined.err() : "", joined.code());
  }

  private void write(Program program, String text) {
    try {
      DeviceFiles files = phone.files();
      String before = "";
      if (program.append()) {
        var entry = files.find(program.outTo()).flatMap(DeviceFiles.Entry::content);
        before = entry.isPresent() ? Files.readString(entry.get()) : "";
      }
      files.write(
          program.outTo(),
          (before + text).getBytes(StandardCharsets.UTF_8),
          phone.clock().instant());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
