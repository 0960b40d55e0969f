package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.session.RunException;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Factorisations by what their factors have to give, and what has none. */
class LinearAlgebraFunctionsTest {
  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 2);

  private Value matrix(DType dtype, long... dims) {
    return graph.placeholder(dtype, Shape.of(dims)).named("a");
  }

  private static Tensor random(DType dtype, long... dims) {
    Shape shape = Shape.of(dims);
    double[] numbers = new SplittableRandom(17).doubles(shape.size(), -2, 2).toArray();
    Tensor doubles = Tensor.of(shape, numbers);
    return dtype == FLOAT64 ? doubles : Tensor.of(shape, doubles.toFloatArray());
  }

  /** That the first expression is the second for this a. */
  private void assertSame(Expr expected, Expr actual, Value a, Tensor at, double tolerance) {
    List<Tensor> both = session.run(List.of(expected, actual, a), feed(a, at));
    Tensor wanted = both.get(0);
    Tensor found = both.get(1);
    assertEquals(wanted.shape(), found.shape());
    for (int i = 0; i < wanted.size(); i++) {
      assertEquals(wanted.doubleAt(i), found.doubleAt(i), tolerance, "element " + i);
    }
  }

  private static Expr unit(Expr like) {
    return Matrices.identityLike(like);
  }

  @Test
  void productsOfFactorsAreTheMatrix() {
    for (DType dtype : new DType[] {FLOAT64, FLOAT32}) {
      double tolerance = dtype == FLOAT64 ? 1e-12 : 1e-4;
      var g = new LinearAlgebraFunctionsTest();
      Value a = g.matrix(dtype, ANY, 7, 7);
      Tensor at = random(dtype, 3, 7, 7);
      Expr positive = matmul(a, transpose(a)).plus(unit(a));
      Expr l = cholesky(positive);
      g.assertSame(positive, matmul(l, transpose(l)), a, at, 10 * tolerance);
      g.assertSame(unit(a), matmul(a, inverse(a)), a, at, 10 * tolerance);
      var lu = lu(a);
      Expr rows =
          equal(expandDims(lu.rows(), -1), iota(g.graph, INT64, dev.millrace.tensor.Dim.of(7)));
      g.assertSame(matmul(cast(rows, dtype), a), matmul(lu.l(), lu.u()), a, at, tolerance);
      var eigh = eigh(a);
      Expr symmetric = a.plus(transpose(a)).times(0.5);
      Expr scaled = eigh.vectors().times(expandDims(eigh.values(), -2));
      g.assertSame(symmetric, matmul(scaled, transpose(eigh.vectors())), a, at, tolerance);
      g.assertSame(eigh.values(), eigvalsh(a), a, at, 0);
      g.assertSame(log(abs(det(a))), logAbsDet(a), a, at, dtype == FLOAT64 ? 1e-12 : 1e-5);
      g.assertSame(
          det(a), slogDet(a).sign().times(exp(slogDet(a).logAbsDet())), a, at, 1e3 * tolerance);
    }
  }

  @Test
  void tallAndWideMatricesHaveFactors() {
    for (long[] dims : new long[][] {{2, 6, 4}, {2, 4, 6}, {5, 5}, {4, 1}, {1, 4}, {0, 3, 2}}) {
      var g = new LinearAlgebraFunctionsTest();
      Value a = g.matrix(FLOAT64, dims);
      Tensor at = random(FLOAT64, dims);
      var qr = qr(a);
      g.assertSame(a, matmul(qr.q(), qr.r()), a, at, 1e-13);
      Expr orthonormal = matmul(transpose(qr.q()), qr.q());
      g.assertSame(unit(orthonormal), orthonormal, a, at, 1e-14);
      var svd = svd(a);
      Expr scaled = svd.u().times(expandDims(svd.s(), -2));
      g.assertSame(a, matmul(scaled, svd.vt()), a, at, 1e-13);
      Expr p = pinv(a);
      g.assertSame(a, matmul(matmul(a, p), a), a, at, 1e-12);
      g.assertSame(p, matmul(matmul(p, a), p), a, at, 1e-12);
    }
  }

  @Test
  void singularMatricesHavePseudoInversesAndSingularValues() {
    Value a = matrix(FLOAT64, 3, 3);
    Tensor ones = Tensor.filled(FLOAT64, Shape.of(3, 3), 1);
    assertSame(a.times(1.0 / 9), pinv(a), a, ones, 1e-15);
    Tensor s = session.run(svdvals(a), feed(a, ones));
    assertEquals(3, s.doubleAt(0), 1e-14);
    assertEquals(0, s.doubleAt(1), 1e-14);
    assertEquals(0, session.run(det(a), feed(a, ones)).getDouble());
    assertEquals(Double.NEGATIVE_INFINITY, session.run(logAbsDet(a), feed(a, ones)).getDouble());
    assertEquals(3, session.run(frobeniusNorm(a), feed(a, ones)).getDouble(), 1e-15);
    assertEquals(3, session.run(spectralNorm(a), feed(a, ones)).getDouble(), 1e-14);
    assertEquals(3, session.run(nuclearNorm(a), feed(a, ones)).getDouble(), 1e-14);
    Tensor zeros = Tensor.zeros(FLOAT64, Shape.of(3, 3));
    assertEquals(zeros, session.run(gradient(frobeniusNorm(a), a), feed(a, zeros)));
    assertEquals(zeros, session.run(pinv(a), feed(a, zeros)));
  }

  @Test
  void exponentialsAndPowers() {
    Value a = matrix(FLOAT64, 2, 2);
    for (double angle : new double[] {0, 0.5, 3, 40}) {
      Tensor turn = Tensor.of(Shape.of(2, 2), 0, -angle, angle, 0);
      double[] found = session.run(matrixExp(a), feed(a, turn)).toDoubleArray();
      double[] expected = {Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)};
      for (int i = 0; i < 4; i++) {
        assertEquals(expected[i], found[i], 1e-13, "angle " + angle);
      }
    }
    Tensor fibonacci = Tensor.of(Shape.of(2, 2), 1.0, 1, 1, 0);
    assertEquals(
        Tensor.of(Shape.of(2, 2), 89.0, 55, 55, 34),
        session.run(matrixPower(a, 10), feed(a, fibonacci)));
    assertEquals(
        Tensor.of(Shape.of(2, 2), 1.0, 0, 0, 1),
        session.run(List.of(matrixPower(a, 0), a), feed(a, fibonacci)).getFirst());
    assertSame(unit(a), matmul(matrixPower(a, -3), matrixPower(a, 3)), a, fibonacci, 1e-13);
  }

  @Test
  void aVectorIsAColumnAndBatchesAreBroadcast() {
    Value a = matrix(FLOAT64, 2, 3, 3);
    Tensor at = random(FLOAT64, 2, 3, 3);
    Expr b = graph.constant(Tensor.of(1.0, 2.0, 3.0));
    Expr x = solve(a, b);
    assertEquals(Shape.of(2, 3), x.shape());
    assertSame(
        b.broadcastTo(Shape.of(2, 3)), squeeze(matmul(a, expandDims(x, -1)), -1), a, at, 1e-12);
    Expr lower = triangularSolve(a, b, true);
    Expr product = matmul(Matrices.lower(a), expandDims(lower, -1));
    assertSame(b.broadcastTo(Shape.of(2, 3)), squeeze(product, -1), a, at, 1e-12);
  }

  private static String message(Class<? extends MillraceException> type, Executable run) {
    return assertThrows(type, run).getMessage().replaceAll("\\w+\\.java:\\d+", "HERE");
  }

  @Test
  void whatHasNoFactorsIsNamed() {
    Value a = matrix(FLOAT64, 2, 2, 2);
    Tensor bad = Tensor.of(Shape.of(2, 2, 2), 1.0, 0, 0, 1, 1, 2, 2, 1);
    assertEquals(
        "cholesky: the matrix must be positive definite, and its leading part of 2 rows is not"
            + " (matrix 1), in cholesky: FLOAT64 [2, 2, 2] (HERE); nothing was changed",
        message(RunException.class, () -> session.run(cholesky(a), feed(a, bad))));
    Tensor singular = Tensor.of(Shape.of(2, 2, 2), 1.0, 2, 2, 4, 1, 2, 2, 1);
    assertEquals(
        "solve: the matrix must be invertible, and it is singular (matrix 0), in solve: FLOAT64 [2, 2,"
            + " 2] (HERE); nothing was changed",
        message(RunException.class, () -> session.run(inverse(a), feed(a, singular))));
    Tensor infinite = Tensor.filled(FLOAT64, Shape.of(2, 2, 2), Double.NaN);
    assertEquals(
        "eigh: the matrix must be finite, and it has NaN (matrix 0), in eigh: FLOAT64 [2, 2] (HERE);"
            + " nothing was changed",
        message(RunException.class, () -> session.run(eigvalsh(a), feed(a, infinite))));
    assertEquals(
        "det: the matrix must be square: 'wide' is FLOAT64 [2, 3] (HERE)",
        message(
            MillraceException.class,
            () -> det(graph.placeholder(FLOAT64, Shape.of(2, 3)).named("wide"))));
    assertEquals(
        "solve: the right side must have as many rows as the matrix: 'square' is FLOAT64 [2, 2]"
            + " (HERE), 'long' is FLOAT64 [3, 1] (HERE)",
        message(
            MillraceException.class,
            () ->
                solve(
                    graph.placeholder(FLOAT64, Shape.of(2, 2)).named("square"),
                    graph.placeholder(FLOAT64, Shape.of(3, 1)).named("long"))));
    assertEquals(
        "matrixExp: takes floating point: 'numbers' is INT32 [2, 2] (HERE); convert it with"
            + " cast(x, FLOAT32)",
        message(
            MillraceException.class,
            () -> matrixExp(graph.placeholder(INT32, Shape.of(2, 2)).named("numbers"))));
  }
}
