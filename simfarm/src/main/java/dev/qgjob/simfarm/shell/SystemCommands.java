package dev.qgjob.simfarm.shell;

import dev.qgjob.simfarm.phone.Condition;
import dev.qgjob.simfarm.phone.Phone;
import dev.qgjob.simfarm.phone.PhoneIdentity;
import dev.qgjob.simfarm.screen.Painter;
import dev.qgjob.simfarm.screen.RunningApp;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Properties, settings, processes, keys, and the small tools that lines are made of. */
final class SystemCommands {
  private static final List<String> QUIET =
      List.of(
          "appops",
          "content",
          "device_config",
          "export",
          "ime",
          "kill",
          "media",
          "setprop",
          "svc",
          "sync",
          "true");

  private final Phone phone;

  private SystemCommands(Phone phone) {
    this.phone = phone;
  }

  static Map<String, Command> of(Phone phone) {
    SystemCommands all = new SystemCommands(phone);
    Map<String, Command> commands = new HashMap<>();
    QUIET.forEach(name -> commands.put(name, Command.quick(invocation -> ShellResult.OK)));
    commands.put("echo", Command.quick(all::echo));
    commands.put("false", Command.quick(invocation -> new ShellResult("", "", 1)));
    commands.put("grep", Command.quick(all::grep));
    commands.put("getprop", Command.quick(all::getprop));
    commands.put("settings", Command.quick(all::settings));
    commands.put("date", Command.quick(all::date));
    commands.put("id", Command.quick(i -> ShellResult.line("uid=2000(shell) gid=2000(shell)")));
    commands.put("whoami", Command.quick(i -> ShellResult.line("shell")));
    commands.put("uptime", Command.quick(i -> ShellResult.line("up 1 day")));
    commands.put("ps", Command.quick(all::ps));
    commands.put("pidof", Command.quick(all::pidof));
    commands.put("pgrep", Command.quick(all::pgrep));
    commands.put("wm", Command.quick(all::wm));
    commands.put("input", Command.quick(all::input));
    commands.put("locksettings", Command.quick(all::locksettings));
    commands.put("reboot", Command.quick(all::reboot));
    commands.put("df", Command.quick(all::df));
    commands.put("screencap", Command.quick(all::screencap));
    commands.put("logcat", all::logcat);
    return commands;
  }

  private ShellResult echo(Invocation invocation) {
    boolean bare = invocation.word(1).equals("-n");
    String text = String.join(" ", invocation.after(bare ? 2 : 1));
    return ShellResult.text(bare ? text : text + "\n");
  }

  private ShellResult grep(Invocation invocation) {
    List<String> operands = invocation.operands(1);
    String expression = operands.isEmpty() ? "" : operands.get(0);
    Pattern pattern;
    try {
      pattern = Pattern.compile(expression, invocation.has("-i") ? Pattern.CASE_INSENSITIVE : 0);
    } catch (PatternSyntaxException e) {
      return ShellResult.error("grep: bad regex '" + expression + "'", 2);
    }
    boolean invert = invocation.has("-v");
    String out =
        invocation
            .stdin()
            .lines()
            .filter(line -> pattern.matcher(line).find() != invert)
            .map(line -> line + "\n")
            .collect(Collectors.joining());
    return new ShellResult(out, "", out.isEmpty() ? 1 : 0);
  }

  private ShellResult getprop(Invocation invocation) {
    Map<String, String> properties = new LinkedHashMap<>(phone.identity().properties());
    properties.put("sys.boot_completed", phone.condition().booted() ? "1" : "");
    if (invocation.word(1).isEmpty()) {
      return ShellResult.text(
          properties.entrySet().stream()
              .map(each -> "[" + each.getKey() + "]: [" + each.getValue() + "]\n")
              .collect(Collectors.joining()));
    }
    return ShellResult.line(properties.getOrDefault(invocation.word(1), invocation.word(2)));
  }

  private ShellResult settings(Invocation invocation) {
    String key = invocation.word(2) + "/" + invocation.word(3);
    return switch (invocation.word(1)) {
      case "get" -> ShellResult.line(phone.setting(key));
      case "put" -> {
        phone.setting(key, invocation.word(4));
        yield ShellResult.OK;
      }
      case "delete" -> {
        phone.setting(key, "null");
        yield ShellResult.OK;
      }
      default -> ShellResult.OK;
    };
  }

  private ShellResult date(Invocation invocation) {
    var now = phone.clock().instant().atZone(ZoneOffset.UTC);
    return ShellResult.line(
        switch (invocation.word(1)) {
          case "+%s" -> Long.toString(now.toEpochSecond());
          case "+%Y-%m-%dT%T%z" ->
              DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssZ").format(now);
          default -> DateTimeFormatter.RFC_1123_DATE_TIME.format(now);
        });
  }

  private ShellResult ps(Invocation invocation) {
    if (invocation.has("--help")) {
      return ShellResult.text("usage: ps [-AadefLlnwZ]\n\n-A  All\n");
    }
    StringBuilder out = new StringBuilder("USER PID PPID VSZ RSS WCHAN ADDR S NAME\n");
    phone
        .processes()
        .forEach((name, pid) -> out.append("u0_a1 %d 1 1 1 0 0 S %s%n".formatted(pid, name)));
    return ShellResult.text(out.toString().replace("\r", ""));
  }

  private ShellResult pidof(Invocation invocation) {
    Integer pid = phone.processes().get(invocation.word(1));
    return pid == null ? new ShellResult("", "", 1) : ShellResult.line(pid.toString());
  }

  /** Finds processes by pattern; POSIX classes are those of Java with another spelling. */
  private ShellResult pgrep(Invocation invocation) {
    if (invocation.has("--help")) {
      return ShellResult.text("usage: pgrep [-clfnovx] [PATTERN]\n\n-f  Check full command line\n");
    }
    List<String> operands = invocation.operands(1);
    String expression =
        (operands.isEmpty() ? "" : operands.get(0)).replace("[[:blank:]]", "[ \\t]");
    Pattern pattern;
    try {
      pattern = Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      return ShellResult.error("pgrep: bad regex", 2);
    }
    String out =
        phone.processes().entrySet().stream()
            .filter(each -> pattern.matcher(each.getKey()).find())
            .map(each -> each.getValue() + "\n")
            .collect(Collectors.joining());
    return new ShellResult(out, "", out.isEmpty() ? 1 : 0);
  }

  private ShellResult wm(Invocation invocation) {
    return switch (invocation.word(1)) {
      case "size" ->
          ShellResult.line("Physical size: " + PhoneIdentity.WIDTH + "x" + PhoneIdentity.HEIGHT);
      case "density" -> ShellResult.line("Physical density: " + PhoneIdentity.DENSITY);
      case "dismiss-keyguard" -> {
        phone.condition().dismissLock();
        yield ShellResult.OK;
      }
      default -> ShellResult.OK;
    };
  }

  private ShellResult input(Invocation invocation) {
    if (invocation.word(1).equals("keyevent")) {
      switch (invocation.word(2)) {
        case "4", "KEYCODE_BACK", "BACK" -> phone.act(RunningApp::back);
        case "3", "KEYCODE_HOME", "HOME" -> phone.act(app -> RunningApp.Outcome.LEFT);
        case "66", "KEYCODE_ENTER" -> phone.condition().enter();
        case "224", "KEYCODE_WAKEUP" -> phone.condition().wake();
        default -> {
          return ShellResult.OK;
        }
      }
    }
    if (invocation.word(1).equals("text")) {
      phone.condition().type(invocation.word(2));
    }
    return ShellResult.OK;
  }

  private ShellResult df(Invocation invocation) {
    long free = phone.condition().freeKiB();
    long size = Math.max(Condition.MUCH, free);
    return ShellResult.text(
        "Filesystem     1K-blocks     Used Available Use%% Mounted on%n/dev/block/dm-5 %d %d %d %d%% /data%n"
            .formatted(size, size - free, free, (size - free) * 100 / size)
            .replace("\r", ""));
  }

  private ShellResult locksettings(Invocation invocation) {
    return switch (invocation.word(1)) {
      case "get-disabled" -> ShellResult.line("true");
      case "help" -> ShellResult.line("lockSettings service commands:");
      default -> ShellResult.OK;
    };
  }

  private ShellResult reboot(Invocation invocation) {
    phone.reboot();
    return ShellResult.OK;
  }

  private ShellResult screencap(Invocation invocation) {
    if (!invocation.has("-p")) {
      return ShellResult.error("screencap: only -p, to the standard output", 1);
    }
    invocation.console().print(Painter.png(phone.page()));
    return ShellResult.OK;
  }

  /** Stays open as on a phone, but has nothing to tell beyond its first line. */
  private CompletableFuture<ShellResult> logcat(Invocation invocation) {
    if (invocation.has("-c")) {
      return CompletableFuture.completedFuture(ShellResult.OK);
    }
    invocation.console().print("--------- beginning of main\n");
    if (invocation.has("-d")) {
      return CompletableFuture.completedFuture(ShellResult.OK);
    }
    CompletableFuture<ShellResult> open = new CompletableFuture<>();
    invocation.console().onHangUp(() -> open.complete(ShellResult.OK));
    return open;
  }
}
