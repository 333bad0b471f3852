package dev.qgjob.worker.slot;

import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.lease.Finishes;
import dev.qgjob.protocol.lease.JobFinish;
import dev.qgjob.worker.link.FinishAnswer;
import dev.qgjob.worker.link.WorkerApi;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes on their way to the server. One that comes alone goes at once; while it is on its way
 * the next ones gather, and go together in one request. Each gets its own answer, and nothing is
 * repeated here. Thread-safe.
 */
public final class Outbox {
  /** Keeps a request well below the server's limit on bodies. */
  static final int MOST_TESTS = 200;

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private record Letter(JobFinish finish, CompletableFuture<FinishAnswer> answer) {}

  private final WorkerApi api;
  private final Executor threads;

  // guarded by this
  private final Deque<Letter> waiting = new ArrayDeque<>();
  private boolean sending;

  public Outbox(WorkerApi api, Executor threads) {
    this.api = api;
    this.threads = threads;
  }

  /** Sends it as soon as may be, and returns at once; the answer always comes. */
  CompletableFuture<FinishAnswer> send(String jobId, Finish finish) {
    Letter letter = new Letter(new JobFinish(jobId, finish), new CompletableFuture<>());
    synchronized (this) {
      waiting.add(letter);
      if (sending) {
        return letter.answer();
      }
      sending = true;
    }
    try {
      threads.execute(this::sendAll);
    } catch (RejectedExecutionException e) {
      List<Letter> unsent = next();
      while (!unsent.isEmpty()) {
        unsent.forEach(one -> one.answer().complete(unclear("the worker ends")));
        unsent = next();
      }
    }
    return letter.answer();
  }

  private static FinishAnswer unclear(String reason) {
    return new FinishAnswer.Unclear(reason, Duration.ZERO);
  }

  private void sendAll() {
    for (List<Letter> next = next(); !next.isEmpty(); next = next()) {
      List<Letter> letters = next;
      try {
        send(letters);
      } catch (RuntimeException | Error e) {
        // whatever it is, it must leave nobody waiting
        log.error("{} results could not be sent", letters.size(), e);
        letters.forEach(letter -> letter.answer().complete(unclear(String.valueOf(e))));
      }
    }
  }

  /**
   * What goes together next; a job twice does not, since the second tells of what the first did.
   */
  private synchronized List<Letter> next() {
    List<Letter> letters = new ArrayList<>();
    Set<String> jobs = new HashSet<>();
    int tests = 0;
    while (!waiting.isEmpty() && letters.size() < Finishes.MOST) {
      JobFinish finish = waiting.element().finish();
      tests += finish.finish().tests().size();
      if (!letters.isEmpty() && (tests > MOST_TESTS || !jobs.add(finish.jobId()))) {
        break;
      }
      jobs.add(finish.jobId());
      letters.add(waiting.remove());
    }
    sending = !letters.isEmpty();
    return letters;
  }

  private void send(List<Letter> letters) {
    if (letters.size() > 1) {
      Optional<List<FinishAnswer>> answers =
          api.finishAll(letters.stream().map(Letter::finish).toList());
      if (answers.isPresent()) {
        for (int i = 0; i < letters.size(); i++) {
          letters.get(i).answer().complete(answers.get().get(i));
        }
        return;
      }
    }
    // alone, or not to be told together: one of them may be what the server does not like
    for (Letter letter : letters) {
      letter.answer().complete(api.finish(letter.finish().jobId(), letter.finish().finish()));
    }
  }
}
