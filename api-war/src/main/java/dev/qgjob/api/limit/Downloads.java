package dev.qgjob.api.limit;

import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.artefact.Artefacts.Content;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * How many files are on their way to clients at once: each holds a thread for as long as its client
 * likes to take it in. Of one org and in all; what workers fetch for their jobs is not counted,
 * since an attempt would end for it. Thread-safe.
 */
public final class Downloads {
  private static final int OF_ONE = 12;
  private static final int IN_ALL = 24;
  private final Places places = new Places(OF_ONE, IN_ALL);

  /** The file, which holds a place until its stream is closed. */
  public Optional<Content> of(Caller caller, Supplier<Optional<Content>> file) {
    if (caller.workerId() != null) {
      return file.get();
    }
    String whose = caller.orgId() == null ? caller.tokenId() : caller.orgId();
    if (!places.take(whose)) {
      throw Refusal.later(
          429,
          "too-many-downloads",
          "too many downloads of your org are under way, or of all together");
    }
    boolean held = false;
    try {
      Optional<Content> found = file.get().map(content -> held(content, whose));
      held = found.isPresent();
      return found;
    } finally {
      if (!held) {
        places.give(whose);
      }
    }
  }

  private Content held(Content content, String whose) {
    AtomicBoolean given = new AtomicBoolean();
    return new Content(
        content.contentType(),
        content.size(),
        new FilterInputStream(content.body()) {
          @Override
          public void close() throws IOException {
            if (given.compareAndSet(false, true)) {
              places.give(whose);
            }
            super.close();
          }
        });
  }
}
