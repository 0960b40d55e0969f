package dev.millrace.op;

import java.util.List;

/**
 * A part of a graph as a function: what {@code results} are when {@code parameters} and {@code
 * captures} have values. The same values may be results of several regions.
 *
 * @param parameters values that each call gives anew
 * @param captures values from outside of the region, operands of the op that has it
 */
public record Region(List<Expr> parameters, List<Expr> captures, List<Expr> results) {
  public Region {
    parameters = List.copyOf(parameters);
    captures = List.copyOf(captures);
    results = List.copyOf(results);
  }

  @Override
  public String toString() {
    return names(parameters) + " -> " + names(results);
  }

  private static List<String> names(List<Expr> values) {
    return values.stream().map(Expr::name).toList();
  }
}
