package dev.qgjob.it.probe;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.scheduler.broker.WorkerQueues;
import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** Makes the server's own bus send what a test asks for over HTTP. */
@WebServlet("/*")
public class BusProbe extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @EJB private transient Bus bus;
  @EJB private transient WorkerQueues queues;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    long before = System.nanoTime();
    switch (request.getPathInfo()) {
      case "/shared" -> bus.send(shared(request));
      case "/hand-off" ->
          bus.send(
              List.of(
                  new Bus.Dispatch.HandOff(
                      request.getParameter("worker"),
                      "slot-1",
                      request.getParameter("job"),
                      1,
                      0)));
      case "/open" -> queues.open(request.getParameter("worker"));
      case "/close" -> queues.close(request.getParameter("worker"));
      default -> response.setStatus(HttpServletResponse.SC_NOT_FOUND);
    }
    response.getWriter().print((System.nanoTime() - before) / 1000);
  }

  /** As many as asked for, in one batch of the group. */
  private static List<Bus.Dispatch> shared(HttpServletRequest request) {
    var target = Target.valueOf(request.getParameter("target"));
    String job = request.getParameter("job");
    int count =
        request.getParameter("count") == null ? 1 : Integer.parseInt(request.getParameter("count"));
    return IntStream.range(0, count)
        .<Bus.Dispatch>mapToObj(
            i ->
                new Bus.Dispatch.Shared(target, request.getParameter("group"), job + "-" + i, 1, 0))
        .toList();
  }
}
