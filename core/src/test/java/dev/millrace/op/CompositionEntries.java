package dev.millrace.op;

import static dev.millrace.Ops.*;

import dev.millrace.Ops;
import dev.millrace.tensor.Shape;
import java.util.List;
import java.util.function.Function;

/** Functions composed of primitives, with operands for the tests that primitives pass too. */
final class CompositionEntries {
  private CompositionEntries() {}

  private static OpList.Entry of(
      String name, Function<List<Expr>, Expr> function, OpList.Operand... operands) {
    return OpList.function(name, function, operands);
  }

  private static OpList.Entry unary(String name, Function<Expr, Expr> function, long... dims) {
    return of(name, x -> function.apply(x.getFirst()), values(dims));
  }

  private static OpList.Operand values(long... dims) {
    return OpList.values(dims);
  }

  private static OpList.Operand positive(long... dims) {
    return new OpList.Operand(OpList.Role.VALUES, Shape.of(dims), 0.3, 2);
  }

  /** Folds and statistics. */
  static List<OpList.Entry> folds() {
    return List.of(
        unary("reduceLogSumExp", x -> reduceLogSumExp(x, 1), 3, ANY),
        unary("reduceLogSumExpKeepDims", x -> reduceLogSumExpKeepDims(x, 0, 2), 2, ANY, 2),
        of("reduceLogSum", x -> reduceLogSum(x.getFirst(), 0), positive(3, ANY)),
        unary("reduceSumSquare", x -> reduceSumSquare(x, -1), 3, ANY),
        unary("reduceL1", x -> reduceL1(x, 0), ANY, 3),
        unary("reduceL2", x -> reduceL2(x, 1), 3, ANY),
        unary("reduceL2KeepDims", x -> reduceL2KeepDims(x), 3, ANY),
        unary("reduceNorm 3", x -> reduceNorm(x, 3, 1), 3, ANY),
        unary("reduceNorm 1.5", x -> reduceNormKeepDims(x, 1.5, 0), 3, ANY),
        unary("reduceNorm infinity", x -> reduceNorm(x, Double.POSITIVE_INFINITY, 1), 2, ANY),
        unary("reduceVariance", x -> reduceVariance(x, 1), 3, ANY),
        unary("reduceSampleVariance", x -> reduceSampleVariance(x, 0, 2), 3, ANY, 2),
        unary("reduceStd", x -> reduceStd(x, 0), 4, ANY),
        unary("reduceSampleStdKeepDims", x -> reduceSampleStdKeepDims(x, 1), 2, ANY),
        unary("median", x -> median(x, 0), 5, ANY),
        unary("quantile", x -> quantile(x, 0.3, -1), 2, ANY),
        unary("diff", x -> diff(x, 0), 4, ANY));
  }

  /** Movement. */
  static List<OpList.Entry> movement() {
    long[] two = {2, 0};
    return List.of(
        unary("swapAxes", x -> swapAxes(x, 0, -1), 2, 3, ANY),
        unary("moveAxis", x -> moveAxis(x, 0, 2), 2, 3, ANY),
        unary("flip", x -> flip(x, 0, 1), 3, ANY),
        unary("roll", x -> roll(x, 2, 0), 5, ANY),
        unary("repeat", x -> repeat(x, 3, 1), 2, ANY),
        unary("repeat by number", x -> repeat(x, new long[] {2, 0, 3}, 0), 3, ANY),
        unary("tile", x -> tile(x, 2, 3), 2, ANY),
        unary("split", x -> split(x, new long[] {1, -1, 2}, 0).get(1), 6, ANY),
        unary("slice", x -> slice(x, new int[] {0}, new long[] {-2}, one(0), one(-2)), 7, ANY),
        unary("pad", x -> pad(x, new long[] {-1, 2}, new long[] {2, 0}, 0.5), 3, ANY),
        unary("pad REFLECT", x -> pad(x, two, new long[] {1, 0}, PadMode.REFLECT), 4, ANY),
        unary("pad SYMMETRIC", x -> pad(x, two, new long[] {4, 0}, PadMode.SYMMETRIC), 4, ANY),
        unary("pad EDGE", x -> pad(x, two, new long[] {3, 0}, PadMode.EDGE), 2, ANY),
        unary("pad WRAP", x -> pad(x, two, new long[] {3, 0}, PadMode.WRAP), 4, ANY),
        unary("spaceToDepth", x -> spaceToDepth(x, 2), 2, 4, 6, ANY),
        unary("depthToSpace", x -> depthToSpace(x, 2), ANY, 2, 3, 8),
        unary("diag", x -> diag(x, -2), 2, ANY),
        unary("trace", x -> trace(x, 1), ANY, 3, 4),
        unary("tril", x -> tril(x, 1), 3, ANY),
        unary("triu", x -> triu(x, -1), ANY, 4),
        unary("slidingWindow", x -> slidingWindow(x, 0, 3), 5, ANY),
        unary("im2col", x -> im2col(x, two(2), two(2), two(1), two(1)), ANY, 2, 4, 3),
        unary("col2im", x -> col2im(x, two(4), two(2), two(2), two(1), two(1)), ANY, 8, 9));
  }

  private static long[] one(long value) {
    return new long[] {value};
  }

  private static long[] two(long value) {
    return new long[] {value, value};
  }

  /** Sorting, look-ups by functions and products. */
  static List<OpList.Entry> others() {
    return List.of(
        unary("sort", x -> sort(x, 0), 6, ANY),
        unary("sort descending", x -> sort(x, 1, true), 3, ANY),
        unary("topK", x -> topK(x, 2, 0, true).values(), 5, ANY),
        unary("topK smallest", x -> topK(x, 2, 0, false).values(), 5, ANY),
        of("segmentMean", x -> segmentMean(x.get(1), x.get(0), 4), indices(6), values(6, ANY)),
        of("segmentProd", x -> segmentProd(x.get(1), x.get(0), 3), indices(6), values(6, ANY)),
        of("segmentMax", x -> segmentMax(x.get(1), x.get(0), 3), indices(12), values(12, ANY)),
        of("outer", x -> outer(x.get(0), x.get(1)), values(3, 2), values(ANY)),
        of("inner", x -> inner(x.get(0), x.get(1)), values(2, ANY), values(3, ANY)),
        of("kron", x -> kron(x.get(0), x.get(1)), values(2, ANY), values(3)),
        of("tensordot", x -> tensordot(x.get(0), x.get(1), 2), values(2, 3, ANY), values(3, ANY)),
        of("matrixVector", x -> matrixVector(x.get(0), x.get(1)), values(2, 3, ANY), values(ANY)),
        einsum("abc,cd->ad", values(2, 3, ANY), values(ANY, 4)),
        einsum("...ij,...kj", values(2, 1, 3, ANY), values(2, 2, ANY)),
        einsum("iij,jk->ki", values(3, 3, ANY), values(ANY, 2)),
        einsum("ij,jk,kl->il", values(2, ANY), values(ANY, 3), values(3, 2)),
        einsum("ij,ij", values(2, ANY), values(2, ANY)),
        einsum("i...->...", values(2, 3, ANY)));
  }

  private static OpList.Operand indices(long... dims) {
    return OpList.indices(dims);
  }

  private static OpList.Entry einsum(String equation, OpList.Operand... operands) {
    return of("einsum " + equation, x -> Ops.einsum(equation, x.toArray(Expr[]::new)), operands);
  }
}
