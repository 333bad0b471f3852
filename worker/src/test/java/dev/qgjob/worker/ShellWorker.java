package dev.qgjob.worker;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.SlotSource;
import dev.qgjob.worker.process.Leftovers;
import dev.qgjob.worker.slot.Begun;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A worker as a process of its own, whose jobs are shell commands. */
final class ShellWorker {
  private ShellWorker() {}

  /** Arguments: the server's URL, the state folder, the folder for process ids. */
  public static void main(String[] args) throws Exception {
    Path state = Path.of(args[1]).toAbsolutePath();
    Files.createDirectories(state);
    System.out.println("ended " + Leftovers.endAll(state).size() + " process groups");
    ShellExecutor executor = new ShellExecutor(state, Path.of(args[2]));
    Worker worker =
        new Worker(
            new WorkerSettings(
                "w1",
                "shelf",
                "the-proof",
                System::currentTimeMillis,
                "test",
                timeout -> new ApiClient(URI.create(args[0]), "worker-token", timeout),
                Map.of(Target.EMULATOR, executor),
                slot -> List.of(),
                new Begun(state.resolve("begun")),
                state.resolve("runs"),
                1,
                Duration.ofSeconds(20),
                System::nanoTime,
                new SecureRandom()),
            SlotSource.fixed(List.of(WorkerRig.PHONE_1)));
    Running.obeySignals(worker);
    System.exit(worker.run() == Worker.End.DRAINED ? 0 : 1);
  }
}
