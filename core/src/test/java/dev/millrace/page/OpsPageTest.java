package dev.millrace.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.grad.Gradients;
import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.op.Expr;
import dev.millrace.op.OpList;
import dev.millrace.op.OpList.Role;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The page of all functions is that of the declarations, and counts what has a derivative. */
class OpsPageTest {
  private static final Path ROOT = Path.of(System.getProperty("millrace.root"));
  private static final Path PAGE = ROOT.resolve("docs/ops.md");

  /** Why a primitive has no derivative. */
  private static final Map<String, String> FLAT = new TreeMap<>();

  static {
    for (String name : List.of("sign", "floor", "ceil", "round", "trunc", "floorDiv")) {
      FLAT.put(name, "piecewise constant");
    }
    for (String name : List.of("poisson", "binomial")) {
      FLAT.put(name, "draws of whole numbers");
    }
    FLAT.put("stopGradient", "that is what it is for");
  }

  @Test
  void thePageIsThatOfTheDeclarations() throws IOException {
    String text = new OpsPage(ROOT).text(count(), Examples.section());
    if (System.getProperty("ops.page", "").equals("write")) {
      Files.writeString(PAGE, text);
    }
    assertEquals(
        text,
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        "docs/ops.md is stale; ./millrace test -Dtest=OpsPageTest -Dops.page=write renews it");
  }

  @Test
  void everyFunctionHasItsLine() throws IOException {
    var page = new OpsPage(ROOT);
    for (Class<?> family : OpsPage.families()) {
      var names = new ArrayList<String>();
      page.declared(family).forEach(function -> names.add(function.name()));
      var compiled = new ArrayList<String>();
      OpsPage.functions(family).stream().map(Method::getName).forEach(compiled::add);
      names.sort(null);
      compiled.sort(null);
      assertEquals(compiled, names, family.getName());
      assertTrue(
          page.declared(family).stream().noneMatch(function -> function.summary().isEmpty()));
    }
  }

  /** The sentence about derivatives, counted over the primitives; a gap fails. */
  private static String count() {
    var differentiable = new TreeSet<String>();
    var others = new TreeSet<String>();
    for (OpList.Entry entry : OpList.all()) {
      (hasDerivative(entry) ? differentiable : others).add(entry.name());
    }
    others.removeAll(differentiable);
    var sources = new TreeSet<String>();
    OpList.all().stream()
        .filter(
            entry -> entry.operands().stream().noneMatch(operand -> operand.role() == Role.VALUES))
        .forEach(entry -> sources.add(entry.name()));
    var reasons = new TreeMap<String, Set<String>>();
    for (String name : others) {
      String reason =
          sources.contains(name)
              ? "it depends on no numbers"
              : FLAT.getOrDefault(name, reason(name));
      reasons.computeIfAbsent(reason, _ -> new TreeSet<>()).add("`" + name + "`");
    }
    assertEquals(Set.of(), reasons.getOrDefault(MISSING, Set.of()), "gradients are missing");
    var text = new StringBuilder("## The count\n\n");
    int all = differentiable.size() + others.size();
    text.append(
        "Primitives: %d operations, %d differentiable, 0 missing gradients. The other %d have none for a reason:\n\n"
            .formatted(all, differentiable.size(), others.size()));
    reasons.forEach((reason, names) ->
        text.append("- ")
            .append(reason)
            .append(": ")
            .append(String.join(", ", names))
            .append("\n"));
    return text.toString();
  }

  private static final String MISSING = "missing";

  /** A primitive whose results are integers or bool has no derivative to have. */
  private static String reason(String name) {
    var results = new TreeSet<DType>();
    for (OpList.Entry entry : OpList.all()) {
      try {
        if (entry.name().equals(name)) {
          results.add(apply(entry, new Graph(), new ArrayList<>()).dtype());
        }
      } catch (DTypeException refused) {
        return "it takes no floating-point numbers";
      }
    }
    return results.stream().anyMatch(DType::isFloating)
        ? MISSING
        : "its result is of whole numbers or truth values";
  }

  private static boolean hasDerivative(OpList.Entry entry) {
    var operands = new ArrayList<Expr>();
    try {
      Expr result = apply(entry, new Graph(), operands);
      return result.dtype().isFloating()
          && operands.stream().anyMatch(operand -> depends(result, operand));
    } catch (DTypeException integersOnly) {
      return false;
    }
  }

  private static boolean depends(Expr result, Expr operand) {
    try {
      return operand.dtype().isFloating() && Gradients.of(result, List.of(operand)).size() == 1;
    } catch (GraphException none) {
      return false;
    }
  }

  private static Expr apply(OpList.Entry entry, Graph graph, List<Expr> operands) {
    for (OpList.Operand operand : entry.operands()) {
      Shape shape = operand.shape().map(dim -> dim.isKnown() ? dim : Dim.of(3));
      DType dtype =
          switch (operand.role()) {
            case VALUES, SHAPE -> DType.FLOAT64;
            case CONDITION -> DType.BOOL;
            default -> DType.INT64;
          };
      operands.add(operand.role() == Role.RUN ? graph.run() : graph.placeholder(dtype, shape));
    }
    return entry.apply(graph, DType.FLOAT64, List.copyOf(operands));
  }
}
