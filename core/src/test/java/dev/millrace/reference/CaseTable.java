package dev.millrace.reference;

import dev.millrace.op.Expr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** How each reference case is said in this framework: the case's name, and its outputs. */
final class CaseTable {
  private final Map<String, Function<Operands, List<Expr>>> cases = new LinkedHashMap<>();

  /** All cases that can be said so far. */
  static CaseTable all() {
    var table = new CaseTable();
    ElementwiseCases.addTo(table);
    ReductionCases.addTo(table);
    MovementCases.addTo(table);
    WindowCases.addTo(table);
    NeuralCases.addTo(table);
    return table;
  }

  /** A case with one output. */
  void put(String name, Function<Operands, Expr> output) {
    putAll(name, in -> List.of(output.apply(in)));
  }

  /** A case with several outputs. */
  void putAll(String name, Function<Operands, List<Expr>> outputs) {
    if (cases.put(name, outputs) != null) {
      throw new IllegalArgumentException("case " + name + " is in the table twice");
    }
  }

  Set<String> names() {
    return cases.keySet();
  }

  List<Expr> outputs(String name, Operands in) {
    return cases.get(name).apply(in);
  }
}
