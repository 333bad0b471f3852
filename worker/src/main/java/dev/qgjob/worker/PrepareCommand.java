package dev.qgjob.worker;

import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.discovery.PhoneList;
import dev.qgjob.worker.discovery.SlotsFile;
import dev.qgjob.worker.health.Fitness;
import dev.qgjob.worker.health.LockSecret;
import dev.qgjob.worker.health.Preparation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings phones into shape. */
@Command(
    name = "prepare",
    description = {
      "Sets phones up for tests: they stay awake while charged, animations are off, installs are"
          + " not held up by a verifier, the system does not update by itself, the screen is"
          + " unlocked. May be repeated as often as one likes.",
      "",
      "Without names, all phones that adb calls ready. A phone with a PIN or password is unlocked"
          + " by the one in the environment variable that its secret_from in the slots file names, else"
          + " --secret-from."
    },
    mixinStandardHelpOptions = true,
    versionProvider = WorkerMain.Version.class)
final class PrepareCommand implements Callable<Integer> {
  @Parameters(paramLabel = "UDID", arity = "0..*", description = "Serials, as adb names them.")
  private List<String> udids = List.of();

  @Option(
      names = "--secret-from",
      paramLabel = "VARIABLE",
      description = "Environment variable with the secret of the lock screen.")
  private @Nullable String secretFrom;

  @Option(
      names = "--slots",
      paramLabel = "FILE",
      description = "The worker's list of slots, for the secrets of phones that it names.")
  private @Nullable Path slotsFile;

  @SuppressWarnings("NullAway.Init") // set by picocli
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, String> environment = System.getenv();
    AdbServer adb = new AdbServer(AdbServer.defaultPort(environment), Duration.ofSeconds(15));
    Optional<LockSecret> common = secret(environment).map(LockSecret::new);
    Path file = slotsFile;
    Map<String, LockSecret> own =
        file == null ? Map.of() : LockSecret.in(environment, SlotsFile.read(file).secretsFrom());
    List<String> wanted = udids.isEmpty() ? PhoneList.ready(adb) : udids;
    PrintWriter out = spec.commandLine().getOut();
    if (wanted.isEmpty()) {
      throw new Unusable("adb sees no phone that is ready; adb devices tells what it sees");
    }
    boolean all = true;
    for (String udid : wanted) {
      Optional<LockSecret> secret = Optional.ofNullable(own.get(udid)).or(() -> common);
      Optional<String> wrong = new Preparation(adb, Fitness.USUAL, secret).prepare(udid);
      out.println(udid + ": " + wrong.map(what -> "NOT READY: " + what).orElse("ready"));
      all &= wrong.isEmpty();
    }
    out.flush();
    return all ? 0 : 1;
  }

  private Optional<String> secret(Map<String, String> environment) {
    String name = secretFrom;
    if (name == null) {
      return Optional.empty();
    }
    String secret = environment.getOrDefault(name, "");
    if (secret.isEmpty()) {
      throw new Unusable("--secret-from " + name + ": there is no such variable, or it is empty");
    }
    return Optional.of(secret);
  }
}
