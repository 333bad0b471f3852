package dev.qgjob.worker;

import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.SlotSource;
import dev.qgjob.worker.slot.Begun;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A worker with many slots and nothing to do. Arguments: server, state folder, slots. */
final class IdleWorker {
  private IdleWorker() {}

  public static void main(String[] args) throws Exception {
    Path state = Files.createDirectories(Path.of(args[1]).toAbsolutePath());
    List<Found> slots =
        IntStream.range(0, Integer.parseInt(args[2]))
            .mapToObj(i -> new Found(Target.EMULATOR, "emulator-" + (5554 + 2 * i), Map.of()))
            .toList();
    Worker worker =
        new Worker(
            new WorkerSettings(
                "w1",
                "shelf",
                "the-proof",
                System::currentTimeMillis,
                "test",
                timeout -> new ApiClient(URI.create(args[0]), "worker-token", timeout),
                Map.of(Target.EMULATOR, new StubExecutor()),
                slot -> List.of(),
                new Begun(state.resolve("begun")),
                state.resolve("runs"),
                1,
                Duration.ofSeconds(20),
                System::nanoTime,
                new SecureRandom()),
            SlotSource.fixed(slots));
    Running.obeySignals(worker);
    System.exit(worker.run() == Worker.End.DRAINED ? 0 : 1);
  }
}
