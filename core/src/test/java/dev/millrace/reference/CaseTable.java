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
  private final Map<String, Function<Operands, List<Expr>>> ops = new LinkedHashMap<>();

  /** All cases that can be said so far. */
  static CaseTable all() {
    var table = new CaseTable();
    ElementwiseCases.addTo(table);
    FoldOps.addTo(table);
    ShapeOps.addTo(table);
    IndexOps.addTo(table);
    WindowCases.addTo(table);
    ImageCases.addTo(table);
    NormCases.addTo(table);
    NeuralCases.addTo(table);
    SequenceCases.addTo(table);
    LossCases.addTo(table);
    ActivationCases.addTo(table);
    LinearAlgebraCases.addTo(table);
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

  /** All cases of an operation with one output; a line for a single case goes before. */
  void op(String op, Function<Operands, Expr> output) {
    opAll(op, in -> List.of(output.apply(in)));
  }

  /** All cases of an operation with several outputs. */
  void opAll(String op, Function<Operands, List<Expr>> outputs) {
    if (ops.put(op, outputs) != null) {
      throw new IllegalArgumentException("op " + op + " is in the table twice");
    }
  }

  /** Whether a line says the case, by its name or its operation. */
  boolean covers(ReferenceCase one) {
    return cases.containsKey(one.id()) || ops.containsKey(one.op());
  }

  /** The operations all of whose cases are said. */
  Set<String> ops() {
    return ops.keySet();
  }

  /** The names of the cases with lines of their own. */
  Set<String> names() {
    return cases.keySet();
  }

  List<Expr> outputs(ReferenceCase one, Operands in) {
    var outputs = cases.get(one.id());
    return (outputs != null ? outputs : ops.get(one.op())).apply(in);
  }
}
