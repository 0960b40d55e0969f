package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compiled programs: their text, their types, and what a run has to make sure of. */
class ProgramTest {
  private static final String SIZE = "the result must have at most 2^31-1 elements";

  private final Graph graph = new Graph();
  private final Dim n = Dim.of("n");
  private final Value x = graph.placeholder(FLOAT32, Shape.of(n)).named("x");

  private static Program compile(Expr... results) {
    return Compiler.compile(Arrays.stream(results).map(Value.class::cast).toList());
  }

  /** All but those of sizes. */
  private static List<String> checks(Expr... results) {
    return compile(results).checks().stream()
        .filter(check -> !check.requirement().rule().equals(SIZE))
        .map(check ->
            check.value().name()
                + " needs "
                + check.requirement().nonNegative()
                + " >= 0 unless "
                + check.requirement().unlessZero()
                + " = 0: "
                + check.requirement().rule())
        .toList();
  }

  @Test
  void theTextIsEveryKernelWithItsMembersAbove() {
    assertEquals(
        """
        # exp, multiply
        out0: FLOAT32[d0]
        in1: FLOAT32[d0]
        for each task i0 below floor((d0 + 4095)/4096)
          for i1 from 4096*i0 below min[4096*i0 + 4096, d0]
            v2 = in1[i1]
            v3 = exp v2
            v4 = multiply v3 v2
            out0[i1] = v4
        """,
        compile(x.exp().times(x)).toString());
  }

  @Test
  void aSliceOfAnUnknownDimIsCheckedInEachRun() {
    String rule = "elements 0 to 4 of axis 0 must be inside of dim n";
    assertEquals(
        List.of(
            "first needs n - 1 >= 0 unless 5 = 0: " + rule,
            "first needs n - 5 >= 0 unless 5 = 0: " + rule),
        checks(slice(x, 0, 0, 5).named("first")));
  }

  @Test
  void whatHasAnUnknownDimIsCheckedToBeNoLargerThanATensor() {
    Program program = compile(x.exp().times(2).broadcastTo(Shape.of(Dim.of(3), n)));
    assertEquals(
        List.of("-n + 2147483647", "-3*n + 2147483647"),
        program.checks().stream()
            .filter(check -> check.requirement().rule().equals(SIZE))
            .map(check -> check.requirement().nonNegative().toString())
            .toList());
    assertEquals(List.of(), compile(graph.placeholder(FLOAT32, Shape.of(7)).exp()).checks());
  }

  @Test
  void whatIsKnownNeedsNoCheck() {
    Value known = graph.placeholder(FLOAT32, Shape.of(7));
    assertEquals(List.of(), checks(slice(known, 0, 0, 5), reverse(known, 0)));
    assertEquals(List.of(), checks(x.exp().sum()));
  }

  @Test
  void aDimThatBecomesKnownLaterNeedsNoCheckEither() {
    Value free = graph.placeholder(FLOAT32, Shape.of(ANY)).named("free");
    Expr part = slice(free, 0, 0, 5);
    assertEquals(2, checks(part).size());
    free.plus(graph.placeholder(FLOAT32, Shape.of(8)));
    assertEquals(List.of(), checks(part));
  }

  @Test
  void onlyWhatTheResultsNeedIsChecked() {
    slice(x, 0, 0, 5).named("unused");
    assertEquals(List.of(), checks(x.exp()));
  }

  @Test
  void resultsKnowTheValueThatWasAskedFor() {
    Expr same = x.times(1).named("same");
    Program program = compile(same);
    Program.Result result = program.results().getFirst();
    assertEquals(same, result.value());
    assertEquals("FLOAT32 [n]", result.type().toString());
    assertEquals(new Storage.Input(x), result.storage());
  }
}
