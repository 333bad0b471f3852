package dev.qgjob.lab.figure;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import dev.qgjob.client.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What one run of the lab found. Filled by one thread. */
public final class Findings {
  private final Consumer<String> say;
  private final List<Figure> figures = new ArrayList<>();
  private final List<Bar> bars = new ArrayList<>();

  /**
   * What is written down.
   *
   * @param figures each figure's value by its name; a bar's is among them
   * @param bars what a figure has to reach, by the same name
   * @param fallsShort names of the bars that do not hold
   * @param measured the figures with their units, spread and the machine's load
   * @param asked the bars with their rules and units
   * @param seed of whatever was drawn at random
   */
  public record Report(
      Map<String, Double> figures,
      Map<String, Double> bars,
      List<String> fallsShort,
      List<Figure> measured,
      List<Bar> asked,
      long seed,
      Map<String, String> versions) {}

  /** Tells each figure as it comes, so that a run that breaks off was not for nothing. */
  public Findings(Consumer<String> say) {
    this.say = say;
  }

  public void add(Figure figure) {
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

  public void add(Bar bar) {
    bars.add(bar);
  }

  public Report report(Map<String, String> versions, long seed) {
    Map<String, Double> values = new LinkedHashMap<>();
    figures.forEach(figure -> values.put(figure.name(), figure.value()));
    Map<String, Double> limits = new LinkedHashMap<>();
    bars.forEach(
        bar -> {
          values.put(bar.name(), bar.value());
          limits.put(bar.name(), bar.limit());
        });
    return new Report(
        values,
        limits,
        bars.stream().filter(bar -> !bar.holds()).map(Bar::name).toList(),
        List.copyOf(figures),
        List.copyOf(bars),
        seed,
        versions);
  }

  /**
   * Prints the table, writes the file and says what falls short.
   *
   * @return the exit code: 0 where every bar holds, else 1
   */
  public int tell(PrintStream out, Path file, Map<String, String> versions, long seed)
      throws IOException {
    print(out);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Json.mapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(file.toFile(), report(versions, seed));
    say.accept("the same in " + file);
    List<Bar> missed = bars.stream().filter(bar -> !bar.holds()).toList();
    missed.forEach(bar -> out.println("falls short: " + bar.told()));
    return missed.isEmpty() ? 0 : 1;
  }

  private void print(PrintStream out) {
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
