package dev.qgjob.scheduler.database;

import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A list of ids as single parameters, of few lengths: Hibernate translates a statement with a list
 * parameter anew each time that it is executed, and keeps one with single parameters translated.
 * The list is filled up with its last id to the next power of two.
 */
public final class OneOf {
  private final String name;
  private final List<String> ids;

  /**
   * @param name what the parameters are called, with a number added
   * @param ids at least one
   */
  public OneOf(String name, Collection<String> ids) {
    this.name = name;
    this.ids = new ArrayList<>(ids);
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("no ids");
    }
    String last = this.ids.get(ids.size() - 1);
    while (Integer.bitCount(this.ids.size()) > 1) {
      this.ids.add(last);
    }
  }

  /** The list in the query, with its brackets. */
  @Override
  public String toString() {
    return IntStream.range(0, ids.size())
        .mapToObj(i -> ":" + name + i)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** The ids by the names of their parameters. */
  public Map<String, String> parameters() {
    return IntStream.range(0, ids.size())
        .boxed()
        .collect(Collectors.toMap(i -> name + i, ids::get));
  }

  /** Gives the query its ids. */
  public <Q extends Query> Q in(Q query) {
    for (int i = 0; i < ids.size(); i++) {
      query.setParameter(name + i, ids.get(i));
    }
    return query;
  }
}
