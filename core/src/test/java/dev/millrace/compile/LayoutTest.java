package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Body;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Index;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What gets memory, and how everything else is found in it. */
class LayoutTest {
  private final Graph graph = new Graph();
  private final Dim n = Dim.of("n");
  private final Value x = graph.placeholder(FLOAT32, Shape.of(n, 6)).named("x");

  private static Layout layout(Expr... results) {
    return Layout.of(Body.of(Arrays.stream(results).map(Value.class::cast).toList()));
  }

  /** Base and coordinates of a view whose result something reads. */
  private static String access(Expr view) {
    Access access = layout(view.exp()).access((Value) view);
    return access.base().name() + access.map();
  }

  @Test
  void viewsAreAnotherWayToFindTheSameElements() {
    Value row = graph.placeholder(FLOAT32, Shape.of(6)).named("row");
    assertEquals("x[i1, i0]", access(transpose(x)));
    assertEquals("row[i1]", access(row.broadcastTo(Shape.of(n, Dim.of(6)))));
    assertEquals("x[i0, 2*i1 + 1]", access(slice(x, 1, 1, 6, 2)));
    assertEquals("x[i0, -1*i1 + 5]", access(reverse(x, 1)));
    assertEquals("x[i0, i2]", access(expandDims(x, 1)));
    assertEquals("x[i0, 3]", access(squeeze(slice(x, 1, 3, 4), 1)));
    assertEquals("x[-1*i0 + n - 1, i1]", access(reverse(x, 0)));
  }

  @Test
  void viewsOfViewsAreOneView() {
    assertEquals("x[i2, 2*i1 + 1]", access(expandDims(transpose(slice(x, 1, 1, 6, 2)), 0)));
    assertEquals("x[i0, i1]", access(transpose(transpose(x))));
    assertTrue(layout(transpose(transpose(x)).exp()).access(x).isIdentity());
  }

  @Test
  void viewsTakeNoMemoryUnlessTheyAreAskedFor() {
    Expr view = transpose(x);
    assertFalse(layout(view.exp()).isComputed((Value) view));
    assertTrue(layout(view).isComputed((Value) view));
    assertTrue(layout(view, view.exp()).isComputed((Value) view));
    Program program = Compiler.compile(List.of((Value) view.exp()));
    assertEquals(0, program.slots().size());
    assertEquals(1, program.steps().size());
  }

  @Test
  void aReshapeIsAnotherShapeOfTheSameMemory() {
    Expr exp = x.exp();
    Expr flat = exp.reshape(-1);
    Layout layout = layout(flat.sin());
    assertFalse(layout.isComputed((Value) flat));
    assertEquals(exp, layout.memoryOf((Value) flat));
    Expr input = x.reshape(-1);
    assertEquals(x, layout(input.sin()).memoryOf((Value) input));
  }

  @Test
  void aViewThatIsReshapedIsStoredInOnePiece() {
    Expr view = transpose(x);
    Expr flat = view.reshape(-1);
    Layout layout = layout(flat.sin());
    assertTrue(layout.isComputed((Value) view));
    assertEquals(view, layout.memoryOf((Value) flat));
  }

  @Test
  void aProductReadsItsOperandsWhereTheyLie() {
    Value w = graph.placeholder(FLOAT32, Shape.of(4, 6)).named("w");
    Expr turned = transpose(w);
    assertFalse(layout(matmul(x, turned)).isComputed((Value) turned));
    Expr left = transpose(x);
    Value right = graph.placeholder(FLOAT32, Shape.of(n, 3)).named("right");
    assertFalse(layout(matmul(left, right)).isComputed((Value) left));
    Expr sparse = slice(right, 1, 0, 3, 2);
    assertFalse(layout(matmul(left, sparse)).isComputed((Value) sparse));
  }

  @Test
  void aProductOfIntegersReadsItsRightOperandAlongRows() {
    Value a = graph.placeholder(INT32, Shape.of(n, 6)).named("a");
    Value w = graph.placeholder(INT32, Shape.of(4, 6)).named("w");
    Expr turned = transpose(w);
    assertTrue(layout(matmul(a, turned)).isComputed((Value) turned));
    Value right = graph.placeholder(INT32, Shape.of(6, 3)).named("right");
    Expr part = slice(right, 1, 0, 2);
    assertFalse(layout(matmul(a, part)).isComputed((Value) part));
  }

  @Test
  void whatFollowsFromPositionsAndNumbersIsWorkedOutWhereItIsUsed() {
    Expr position = iota(graph, FLOAT32, Dim.of(6));
    Expr scaled = position.times(2);
    Layout layout = layout(x.plus(scaled));
    assertTrue(layout.isFormula((Value) position));
    assertTrue(layout.isFormula((Value) scaled));
    assertFalse(layout.isComputed((Value) scaled));
    assertTrue(layout(scaled).isComputed((Value) scaled));
  }

  @Test
  void aLongFormulaIsStored() {
    Expr formula = iota(graph, FLOAT32, Dim.of(6));
    for (int i = 0; i < 3; i++) {
      formula = formula.sin();
    }
    Expr deeper = formula.sin();
    Layout layout = layout(x.plus(deeper));
    assertTrue(layout.isFormula((Value) formula));
    assertFalse(layout.isFormula((Value) deeper));
    assertTrue(layout.isComputed((Value) deeper));
  }

  @Test
  void numbersOfOneElementNeedNoBuffer() {
    Program program =
        Compiler.compile(List.of((Value) x.times(3).plus(graph.constant(Tensor.of(2f)))));
    assertEquals(List.of(x), program.inputs());
  }

  @Test
  void aLinearPositionIsRowMajor() {
    var coordinates = List.of(Index.ofVariable(0), Index.ofVariable(1));
    assertEquals("6*i0 + i1", Layout.linear(x.shape(), coordinates).toString());
    assertEquals("n*i0 + i1", Layout.linear(Shape.of(Dim.of(6), n), coordinates).toString());
  }
}
