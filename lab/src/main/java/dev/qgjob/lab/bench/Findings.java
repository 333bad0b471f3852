package dev.qgjob.lab.bench;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What one run of the bench found. Filled by one thread. */
final class Findings {
  private final Consumer<String> say;
  private final List<Figure> figures = new ArrayList<>();
  private final List<Bar> bars = new ArrayList<>();

  /**
   * What is written down.
   *
   * @param fallsShort the bars that do not hold, each in one line
   */
  record Report(
      List<Figure> figures,
      List<Bar> bars,
      List<String> fallsShort,
      Map<String, String> versions) {}

  /** Tells each figure as it comes, so that a run that breaks off was not for nothing. */
  Findings(Consumer<String> say) {
    this.say = say;
  }

  void add(Figure figure) {
    say.accept(
        figure.name()
            + ": "
            + number(figure.value())
            + " "
            + figure.unit()
            + ", load "
            + number(figure.load()));
    figures.add(figure);
  }

  void add(Bar bar) {
    bars.add(bar);
  }

  Report report(Map<String, String> versions) {
    return new Report(
        List.copyOf(figures),
        List.copyOf(bars),
        bars.stream().filter(bar -> !bar.holds()).map(Bar::told).toList(),
        versions);
  }

  void print(PrintStream out) {
    out.println(
        AsciiTable.getTable(
            figures,
            List.of(
                left("figure").with(Figure::name),
                right("value").with(f -> number(f.value())),
                left("unit").with(Figure::unit),
                right("n").with(f -> Integer.toString(f.n())),
                right("least").with(f -> number(f.least())),
                right("most").with(f -> number(f.most())),
                right("load").with(f -> number(f.load())))));
    out.println(
        AsciiTable.getTable(
            bars,
            List.of(
                left("bar").with(Bar::name),
                right("value").with(b -> number(b.value())),
                left("has to be").with(b -> b.rule() + " " + number(b.limit()) + " " + b.unit()),
                left("").with(b -> b.holds() ? "holds" : "FALLS SHORT"))));
  }

  private static Column left(String header) {
    return new Column().header(header).dataAlign(HorizontalAlign.LEFT).maxWidth(70);
  }

  private static Column right(String header) {
    return new Column().header(header).dataAlign(HorizontalAlign.RIGHT);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
