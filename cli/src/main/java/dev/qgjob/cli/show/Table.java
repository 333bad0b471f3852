package dev.qgjob.cli.show;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A table for people. */
public final class Table {
  private static final int WIDEST = 100;

  private final String[] headings;

  private Table(String... headings) {
    this.headings = headings;
  }

  /** Its columns. */
  public static Table of(String... headings) {
    return new Table(headings);
  }

  /** The table as text; {@code cells} gives one row's values, null for none. */
  public <T> String rows(Collection<T> rows, Function<T, Object[]> cells) {
    List<Object[]> texts = rows.stream().map(cells).toList();
    Column[] columns =
        Arrays.stream(headings)
            .map(
                heading ->
                    new Column()
                        .header(heading)
                        .maxWidth(WIDEST)
                        .headerAlign(HorizontalAlign.LEFT)
                        .dataAlign(HorizontalAlign.LEFT))
            .toArray(Column[]::new);
    String[][] data =
        texts.stream()
            .map(
                row ->
                    IntStream.range(0, headings.length)
                        .mapToObj(i -> row[i] == null ? "" : row[i].toString())
                        .toArray(String[]::new))
            .toArray(String[][]::new);
    return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, columns, data);
  }
}
