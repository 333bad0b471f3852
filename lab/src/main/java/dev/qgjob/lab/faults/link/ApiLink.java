package dev.qgjob.lab.faults.link;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Carries requests and answers one by one, and knows which they are. */
public final class ApiLink extends Link {
  private final CallLog log;
  private final Losses losses = new Losses();

  private ApiLink(
      String name, InetAddress address, Supplier<List<InetSocketAddress>> servers, CallLog log) {
    super(name, address, 0, servers);
    this.log = log;
  }

  /** Opens a link on a free port. */
  public static ApiLink open(
      String name, InetAddress address, Supplier<List<InetSocketAddress>> servers, CallLog log) {
    ApiLink link = new ApiLink(name, address, servers, log);
    link.begin();
    return link;
  }

  /** The answers that are to get lost on it. */
  public Losses losses() {
    return losses;
  }

  @Override
  void carry(Wire wire) throws IOException, InterruptedException {
    InputStream fromWorker = new BufferedInputStream(wire.fromWorker());
    Answers answers = new Answers(wire, gate());
    alongside(answers);
    for (Optional<HttpMessage> request = HttpMessage.read(fromWorker, () -> false);
        request.isPresent();
        request = HttpMessage.read(fromWorker, () -> false)) {
      if (!exchange(wire, answers, request.get()) || !answers.goOn()) {
        return;
      }
    }
  }

  /** One request and its answer; false when the connection is to end. */
  private boolean exchange(Wire wire, Answers answers, HttpMessage request)
      throws IOException, InterruptedException {
    if (!gate().pass(Gate.Way.TO_SERVER)) {
      return false;
    }
    Runnable inItsPlace = CallLog.isClaim(request) ? losses.takeClaim() : null;
    if (inItsPlace != null) {
      inItsPlace.run();
      return false;
    }
    CallLog.Call call = log.sent(request);
    Optional<HttpMessage> answer;
    try {
      answers.expect(request.method().equals("HEAD"));
      wire.toServer().write(request.bytes());
      wire.toServer().flush();
      answer = answers.next();
    } catch (IOException e) {
      call.failed(e);
      throw e;
    }
    if (answer.isEmpty()) {
      call.failed(new IOException("the server closed the connection"));
      return false;
    }
    Losses.Answer kind = call.kindOf(answer.get());
    Losses.How lost = kind == null ? null : losses.take(kind);
    if (lost != null) {
      call.lost(answer.get());
      if (lost == Losses.How.BREAK) {
        wire.reset();
      }
      return lost == Losses.How.SILENCE;
    }
    if (!gate().pass(Gate.Way.TO_WORKER)) {
      return false;
    }
    try {
      wire.toWorker().write(answer.get().bytes());
      wire.toWorker().flush();
    } catch (IOException e) {
      call.lost(answer.get());
      throw e;
    }
    call.delivered(answer.get());
    return true;
  }
}
