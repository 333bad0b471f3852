package dev.qgjob.worker.browserstack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.protocol.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session is asked for when the account has a parallel free, whoever uses the others: other
 * workers and people count in BrowserStack's own figures. What waits, waits here, where it can be
 * cancelled and is not dropped after a quarter of an hour. Thread-safe.
 *
 * <p>Between the question and the session another worker may be quicker; BrowserStack queues that
 * one session, which its own queue is made for.
 */
public final class Parallels {
  private static final Logger log = LoggerFactory.getLogger(Parallels.class);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final CloudApi api;
  private final Duration pause;
  private final Duration patience;
  private final int reserved;

  /**
   * Asks every 5 s, for half an hour at most.
   *
   * @param reserved parallels of the account that stay free for people
   */
  public Parallels(Endpoints endpoints, int reserved) {
    this(endpoints, reserved, Duration.ofSeconds(5), Duration.ofMinutes(30));
  }

  Parallels(Endpoints endpoints, int reserved, Duration pause, Duration patience) {
    this.reserved = reserved;
    this.api = new CloudApi(endpoints, pause);
    this.pause = pause;
    this.patience = patience;
  }

  /**
   * Returns when a session could begin at once.
   *
   * @throws CloudFault when the account cannot be asked, or none becomes free
   */
  public void await(Account account) throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    boolean told = false;
    while (true) {
      JsonNode plan = api.ask(account, "/app-automate/plan.json", ANSWER);
      int most =
          Math.min(
              plan.path("team_parallel_sessions_max_allowed").asInt(Integer.MAX_VALUE),
              plan.path("parallel_sessions_max_allowed").asInt(Integer.MAX_VALUE));
      int running = plan.path("parallel_sessions_running").asInt();
      int queued = plan.path("queued_sessions").asInt();
      if (most <= reserved) {
        throw new CloudFault(
            FailureKind.INFRASTRUCTURE,
            "the BrowserStack account has "
                + most
                + " parallels, and the worker's --browserstack-reserved leaves them all to people");
      }
      if (running + queued < most - reserved) {
        return;
      }
      if (!told) {
        log.info(
            "BrowserStack: {} of {} parallels run, {} wait, {} are reserved; waiting",
            running,
            most,
            queued,
            reserved);
        told = true;
      }
      if (System.nanoTime() - end >= 0) {
        throw new CloudFault(
            FailureKind.INFRASTRUCTURE,
            "all "
                + (most - reserved)
                + " parallels of the BrowserStack account were busy for "
                + patience.toMinutes()
                + " minutes");
      }
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }
  }
}
