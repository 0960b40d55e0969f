package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.op.Expr;
import dev.millrace.reference.ReferenceCase.Tolerance;
import dev.millrace.session.Feeds;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Compares what a case's operation gives, and its derivatives, with what the file says. */
record CaseCheck(CaseTable table) {
  /** A value to look at, its name, and what it should be. */
  private record Check(String name, Expr value, Json expected) {}

  /** Every number that lies outside of the tolerance, with its place. */
  List<String> differences(ReferenceCase one, DType dtype) {
    var graph = new Graph();
    var values = new LinkedHashMap<String, Expr>();
    Feeds feeds = Feeds.NONE;
    for (Json input : one.inputs()) {
      Tensor tensor = ReferenceCase.tensor(input, dtype);
      Expr placeholder = graph.placeholder(tensor.dtype(), tensor.shape());
      values.put(input.get("name").text(), placeholder);
      feeds = feeds.and(placeholder, tensor);
    }
    var in =
        new Operands(
            graph, dtype, values, one.attributes(), one.isSecond(), one.content().get("outputs"));
    List<Check> checks = checks(one, in);
    List<Tensor> found =
        new Session(graph, 1).run(checks.stream().map(Check::value).toList(), feeds);
    var differences = new ArrayList<String>();
    for (int i = 0; i < checks.size(); i++) {
      compare(checks.get(i), found.get(i), one.tolerance(dtype), differences);
    }
    return differences;
  }

  private List<Check> checks(ReferenceCase one, Operands in) {
    List<Expr> outputs = table.outputs(one, in);
    List<Json> expected = one.content().get("outputs").list();
    assertEquals(expected.size(), outputs.size(), "number of outputs");
    var checks = new ArrayList<Check>();
    for (int i = 0; i < outputs.size(); i++) {
      checks.add(new Check("output " + i, outputs.get(i), expected.get(i)));
    }
    List<String> names = one.differentiable();
    List<Expr> inputs = names.stream().map(in::get).toList();
    List<Expr> gradients = gradientsOrZero(loss(one, in, outputs), inputs);
    for (int i = 0; i < names.size(); i++) {
      Json gradient = one.content().get("grads").get(names.get(i));
      checks.add(new Check("gradient of " + names.get(i), gradients.get(i), gradient));
    }
    Json second = one.content().get("second");
    if (!second.isAbsent()) {
      addSecond(second, in, gradients, names, checks);
    }
    return checks;
  }

  /** The sum of what flows into each output. */
  private static Expr loss(ReferenceCase one, Operands in, List<Expr> outputs) {
    List<Json> upstream = one.content().get("upstream").list();
    var terms = new ArrayList<Expr>();
    for (int i = 0; i < outputs.size(); i++) {
      if (!upstream.get(i).isAbsent()) {
        Tensor flow = ReferenceCase.tensor(upstream.get(i), in.dtype());
        terms.add(reduceSum(outputs.get(i).times(in.graph().constant(flow))));
      }
    }
    return terms.stream().reduce(Expr::plus).orElseThrow();
  }

  /** An op without a derivative says so; the reference has zeros there. */
  private static List<Expr> gradientsOrZero(Expr loss, List<Expr> inputs) {
    try {
      return gradients(loss, inputs);
    } catch (GraphException none) {
      assertTrue(none.getMessage().contains(", which has no derivative; "), none.getMessage());
      return inputs.stream().map(input -> input.times(0)).toList();
    }
  }

  private static void addSecond(
      Json second, Operands in, List<Expr> gradients, List<String> names, List<Check> checks) {
    var terms = new ArrayList<Expr>();
    for (int i = 0; i < names.size(); i++) {
      Tensor v = ReferenceCase.tensor(second.get("v").get(names.get(i)), in.dtype());
      terms.add(reduceSum(gradients.get(i).times(in.graph().constant(v))));
    }
    Expr sum = terms.stream().reduce(Expr::plus).orElseThrow();
    List<Expr> products = gradients(sum, names.stream().map(in::get).toList());
    for (int i = 0; i < names.size(); i++) {
      Json product = second.get("hvp").get(names.get(i));
      checks.add(new Check("second derivative by " + names.get(i), products.get(i), product));
    }
  }

  private static void compare(
      Check check, Tensor found, Tolerance tolerance, List<String> differences) {
    Tensor expected = ReferenceCase.tensor(check.expected, FLOAT64);
    assertEquals(expected.shape(), found.shape(), check.name);
    for (int i = 0; i < expected.size(); i++) {
      double wanted = expected.doubleAt(i);
      double actual = found.doubleAt(i);
      if (!tolerance.accepts(wanted, actual)) {
        differences.add(check.name + "[" + i + "] is " + actual + ", not " + wanted);
      }
    }
  }
}
