package dev.millrace.reference;

import dev.millrace.op.Expr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * How each reference case is said in this framework: by its operation, with its attributes, or by
 * its own name.
 */
final class CaseTable {
  private final Map<String, Function<Operands, List<Expr>>> cases = new LinkedHashMap<>();
  private final Map<String, Function<Operands, List<Expr>>> ops = new LinkedHashMap<>();

  /** All cases that can be said so far. */
  static CaseTable all() {
    var table = new CaseTable();
    FoldOps.addTo(table);
    ShapeOps.addTo(table);
    IndexOps.addTo(table);
    ElementwiseCases.addTo(table);
    MovementCases.addTo(table);
    WindowCases.addTo(table);
    NeuralCases.addTo(table);
    return table;
  }

  /** An operation with one output, whatever its attributes are. */
  void op(String name, Function<Operands, Expr> output) {
    opAll(name, in -> List.of(output.apply(in)));
  }

  /** An operation with several outputs. */
  void opAll(String name, Function<Operands, List<Expr>> outputs) {
    if (ops.put(name, outputs) != null) {
      throw new IllegalArgumentException("operation " + name + " is in the table twice");
    }
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

  /** Whether the case, or else its operation, can be said. */
  boolean covers(ReferenceCase one) {
    return cases.containsKey(one.id()) || ops.containsKey(one.op());
  }

  List<Expr> outputs(ReferenceCase one, Operands in) {
    return cases.getOrDefault(one.id(), ops.get(one.op())).apply(in);
  }
}
