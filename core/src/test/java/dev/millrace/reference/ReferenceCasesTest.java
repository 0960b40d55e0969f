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
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Values, gradients and second derivatives of operations against those of another framework. */
class ReferenceCasesTest {
  /** What no composition of today's ops says. Only to become shorter. */
  private static final Set<String> NOT_COVERED = new TreeSet<>();

  /** What differs, and why: the reference's 1/6 is rounded to single precision. */
  private static final Set<String> DIFFERENT = new TreeSet<>(Set.of("unary_hardsigmoid"));

  /** Groups of operations that are all covered. */
  private static final String GROUPS =
      ".*(elementwise|broadcast|loss|linalg|graph|reduction|matmul|shape|index|scan"
          + "|pool|norm|resize|conv|recurrent|attention).*";

  private final CaseTable table = CaseTable.all();

  private static List<ReferenceCase> cases() throws IOException {
    return SharedFolder.jsonFiles("gradients/cases").stream().map(ReferenceCase::read).toList();
  }

  @TestFactory
  Stream<DynamicTest> eachCaseAgreesInDoublePrecision() throws IOException {
    return tests(FLOAT64);
  }

  @TestFactory
  Stream<DynamicTest> eachCaseAgreesInSinglePrecision() throws IOException {
    return tests(FLOAT32);
  }

  private Stream<DynamicTest> tests(DType dtype) throws IOException {
    return cases().stream()
        .filter(table::covers)
        .filter(one -> !DIFFERENT.contains(one.id()))
        .map(one ->
            DynamicTest.dynamicTest(
                one.id(), () -> assertEquals(List.of(), differences(one, dtype))));
  }

  @Test
  void onlyTheseCasesAreNotCovered() throws IOException {
    var missing = new TreeSet<String>();
    cases().stream().filter(one -> !table.covers(one)).forEach(one -> missing.add(one.id()));
    assertEquals(NOT_COVERED, missing);
  }

  @Test
  void everyOperationOfTheseGroupsIsInTheTable() throws IOException {
    var missing = new TreeSet<String>();
    Files.readAllLines(SharedFolder.folder("gradients").resolve("ops.tsv")).stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .filter(fields -> fields[1].matches(GROUPS))
        .forEach(fields -> missing.add(fields[0]));
    assertTrue(missing.size() > 160, () -> "operations are found: " + missing);
    missing.removeAll(table.ops());
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyLineOfTheTableHasItsCase() throws IOException {
    Set<String> ids = cases().stream().map(ReferenceCase::id).collect(Collectors.toSet());
    assertEquals(List.of(), table.names().stream().filter(name -> !ids.contains(name)).toList());
  }

  @Test
  void onlyTheseCasesDiffer() throws IOException {
    Set<String> different =
        cases().stream()
            .filter(one -> DIFFERENT.contains(one.id()))
            .filter(one -> !differences(one, FLOAT64).isEmpty())
            .map(ReferenceCase::id)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(DIFFERENT, different);
  }

  /** The values are exact and the derivatives off by 3e-8, which is that of (double) (1f / 6f). */
  @Test
  void theReferenceHasTheSlopeOfHardsigmoidInSinglePrecision() throws IOException {
    for (ReferenceCase one : cases()) {
      if (one.id().equals("unary_hardsigmoid")) {
        double[] upstream = one.content().get("upstream").list().getFirst().get("data").numbers();
        double[] gradient = one.content().get("grads").get("x").get("data").numbers();
        List<String> differences = differences(one, FLOAT64);
        assertTrue(differences.stream().allMatch(text -> text.startsWith("gradient of x[")));
        for (int i = 0; i < gradient.length; i++) {
          assertEquals(gradient[i] == 0 ? 0 : upstream[i] * (1f / 6f), gradient[i], 1e-15);
        }
      }
    }
  }

  /** A value to look at, its name, and what it should be. */
  private record Check(String name, Expr value, Json expected) {}

  /** Every number that lies outside of the tolerance, with its place. */
  private List<String> differences(ReferenceCase one, DType dtype) {
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
