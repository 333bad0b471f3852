package dev.qgjob.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Notes when a byte of a transfer last moved, in either direction. Thread-safe. */
final class Motion {
  private volatile long movedAt = System.nanoTime();
  private volatile @Nullable Throwable unwritable;

  /** Nanoseconds since anything moved. */
  long standsStillNanos() {
    return System.nanoTime() - movedAt;
  }

  /** Why the file could not be written, where that and not the way to the server broke it. */
  Optional<Throwable> unwritable() {
    return Optional.ofNullable(unwritable);
  }

  private void moved() {
    movedAt = System.nanoTime();
  }

  /** The same bytes to send, watched. */
  BodyPublisher of(BodyPublisher bytes) {
    return new BodyPublisher() {
      @Override
      public long contentLength() {
        return bytes.contentLength();
      }

      @Override
      public void subscribe(Subscriber<? super ByteBuffer> receiver) {
        bytes.subscribe(new Sending(receiver));
      }
    };
  }

  /** Writes a good answer into {@code file}, watched, and keeps a refusal's text. */
  BodyHandler<byte[]> into(Path file) {
    return head ->
        new Receiving(
            head.statusCode() < 300
                ? BodySubscribers.mapping(
                    BodySubscribers.ofFile(
                        file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                    written -> new byte[0])
                : BodySubscribers.ofByteArray());
  }

  private final class Sending implements Subscriber<ByteBuffer> {
    private final Subscriber<? super ByteBuffer> receiver;

    Sending(Subscriber<? super ByteBuffer> receiver) {
      this.receiver = receiver;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      receiver.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      moved();
      receiver.onNext(bytes);
    }

    @Override
    public void onError(Throwable broken) {
      receiver.onError(broken);
    }

    @Override
    public void onComplete() {
      moved();
      receiver.onComplete();
    }
  }

  private final class Receiving implements BodySubscriber<byte[]> {
    private final BodySubscriber<byte[]> receiver;

    private volatile boolean broken;

    Receiving(BodySubscriber<byte[]> receiver) {
      this.receiver = receiver;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return receiver
          .getBody()
          .whenComplete(
              (whole, failure) -> {
                if (failure != null && !broken) {
                  unwritable =
                      failure instanceof CompletionException && failure.getCause() != null
                          ? failure.getCause()
                          : failure;
                }
              });
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      moved();
      receiver.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
      moved();
      receiver.onNext(bytes);
    }

    @Override
    public void onError(Throwable failure) {
      broken = true;
      receiver.onError(failure);
    }

    @Override
    public void onComplete() {
      receiver.onComplete();
    }
  }
}
