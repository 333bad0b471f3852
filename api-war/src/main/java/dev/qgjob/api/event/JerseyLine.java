package dev.qgjob.api.event;

import java.io.IOException;
import org.glassfish.jersey.media.sse.EventOutput;
import org.glassfish.jersey.media.sse.OutboundEvent;

/** A stream of Jersey's. */
final class JerseyLine implements EventStream.Line {
  private final EventOutput output = new EventOutput();

  EventOutput output() {
    return output;
  }

  @Override
  public void event(String name, String id, String data) throws IOException {
    write(new OutboundEvent.Builder().name(name).id(id).data(String.class, data));
  }

  @Override
  public void comment(String text) throws IOException {
    write(new OutboundEvent.Builder().comment(text));
  }

  private void write(OutboundEvent.Builder event) throws IOException {
    if (output.isClosed()) {
      throw new IOException("the client went");
    }
    output.write(event.build());
  }

  @Override
  public void close() {
    try {
      output.close();
    } catch (IOException e) {
      // it is closed then
    }
  }
}
