package dev.millrace.op;

import static dev.millrace.Ops.*;

import dev.millrace.graph.Value;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The exact words of the rules of look-ups, scatters, scans, sorting, movement and einsum. */
class MovementMessagesTest extends MessageRules {
  private static final String F = "'f' is FLOAT32 [2, 3] (HERE)";
  private static final String I = "'i' is INT32 [2, 3] (HERE)";

  private final Value f = named("f", FLOAT32, 2, 3);
  private final Value i = named("i", INT32, 2, 3);
  private final Value b = named("b", BOOL, 2, 3);
  private final Value s = named("s", FLOAT32);
  private final Value v = named("v", INT64, 2);

  @TestFactory
  Stream<DynamicTest> lookupRules() {
    rule(
        "gather: batchDims must be from 0 to the dims of the indices and at most 1, found 2: "
            + F
            + ", "
            + I,
        () -> gather(f, i, 1, 2));
    rule(
        "gather: dim 0 of the indices must be 2: " + F + ", 'w' is INT64 [3] (HERE)",
        () -> gather(f, named("w", INT64, 3), 1, 1));
    rule(
        "takeAlongAxis: indices need one dim for each of x: " + F + ", 'v' is INT64 [2] (HERE)",
        () -> takeAlongAxis(f, v, 0));
    rule(
        "gatherNd: the last dim of the indices is the number of axes that they point into, at most"
            + " 2: "
            + F
            + ", "
            + I,
        () -> gatherNd(f, i));
    rule(
        "dynamicSlice: one position and one size for each of 2 axes, found sizes [1]: "
            + F
            + ", 'v' is INT64 [2] (HERE)",
        () -> dynamicSlice(f, v, 1));
    rule(
        "dynamicSlice: a block of [3, 1] does not fit along axis 0: " + F,
        () -> dynamicSlice(f, v, 3, 1));
    rule("embedding: a scalar has no rows: 's' is FLOAT32 [] (HERE)", () -> embedding(s, v));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> scatterRules() {
    rule(
        "scatterSet: the updates must have the shape [2, 3] of what the indices pick out: "
            + F
            + ", 'v' is INT64 [2] (HERE), 's' is FLOAT32 [] (HERE)",
        () -> scatter(Combine.SET, f, v, s, 0));
    rule(
        "scatterMax: operands must have one type: "
            + F
            + ", "
            + I
            + "; convert both with cast(x, FLOAT64), or one with cast(x, FLOAT32), which rounds great"
            + " numbers",
        () -> scatter(Combine.MAX, f, v, i, 0));
    rule(
        "scatterNdAdd: combines numbers: 'b' is BOOL [2, 3] (HERE); convert it with cast(x, FLOAT32)"
            + " first",
        () -> scatterNd(Combine.ADD, b, named("at", INT64, 2, 1), b));
    rule("segmentSum: the size must be 0 or more, found -1", () -> segmentSum(f, v, -1));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> orderRules() {
    rule("cumulativeSum: takes numbers: 'b' is BOOL [2, 3] (HERE)", () -> cumulativeSum(b, 0));
    rule(
        "cumulativeProd: axis 2 is outside of [2, 3], which has axes 0 to 1 (or -2 to -1): " + F,
        () -> cumulativeProd(f, 2));
    rule(
        "linearRecurrence: shapes differ: " + F + ", 's' is FLOAT32 [] (HERE)",
        () -> linearRecurrence(f, s, 0));
    rule(
        "argSort: axis 0 is outside of [], which has axes none: 's' is FLOAT32 [] (HERE)",
        () -> argSort(s, 0));
    rule("topK: k must be from 0 to 3, found 4: " + F, () -> topK(f, 4));
    Expr none = slice(f, 1, 0, 0).named("none");
    rule(
        "median: axis -1 must have an element: 'none' is FLOAT32 [2, 0] (HERE)",
        () -> median(none, -1));
    rule("quantile: q is a share in [0, 1], found 2.0", () -> quantile(f, 2, 0));
    rule("searchSorted: takes a vector of sorted numbers: " + F, () -> searchSorted(f, f));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> movementRules() {
    rule(
        "slice: one begin, end and step for each axis, found [1, 1, 1, 2]: " + F,
        () -> slice(f, new int[1], new long[1], new long[1], new long[2]));
    rule(
        "slice: the step must not be 0: " + F,
        () -> slice(f, new int[1], new long[1], new long[1], new long[1]));
    rule(
        "split: 3 elements do not divide into 2 parts: " + F + "; give the sizes of the parts",
        () -> split(f, 2, 1));
    rule(
        "split: sizes must add up to 3, and one may be -1, found [1, 1]: " + F,
        () -> split(f, new long[] {1, 1}, 1));
    rule(
        "unstack: dim 0 must be known: 'u' is FLOAT32 [?] (HERE)",
        () -> unstack(named("u", FLOAT32, ANY), 0));
    rule("repeat: the number must be 0 or more, found -1: " + F, () -> repeat(f, -1, 0));
    rule(
        "roll: one shift for each axis, found 2 and 1: " + F,
        () -> roll(f, new long[2], new int[1]));
    rule(
        "spaceToDepth: takes [batch, height, width, channels] and a block of 1 or more, found 2: "
            + F,
        () -> spaceToDepth(f, 2));
    rule(
        "slidingWindow: the window of 4 does not fit into dim 3 of axis 1: " + F,
        () -> slidingWindow(f, 1, 4));
    rule(
        "slidingWindow: size, stride and dilation must be 1 or more, found [2, 0, 1]: " + F,
        () -> slidingWindow(f, 1, 2, 0, 1));
    rule("diagonal: axis -1 is given twice: " + F, () -> diagonal(f, 0, 1, -1));
    rule("tril: takes two dims or more: 'v' is INT64 [2] (HERE)", () -> tril(v));
    rule("meshgrid: takes vectors: " + F, () -> meshgrid(f));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> selectionRules() {
    rule("nonZero: the size must be 0 or more, found -1", () -> nonZero(f, -1));
    rule(
        "maskedSelect: the mask must be bool: "
            + I
            + "; make it with a comparison such as greater(x, 0)",
        () -> maskedSelect(f, i, 3, 0));
    rule("unique: takes numbers: 'b' is BOOL [2, 3] (HERE)", () -> unique(b, 3, 0));
    rule(
        "reduceVariance: takes floating point: " + I + "; convert it with cast(x, FLOAT32)",
        () -> reduceVariance(i));
    rule("reduceNorm: p must be a number, found NaN", () -> reduceNorm(f, Double.NaN));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> einsumRules() {
    rule("einsum: takes one operand or more, found none", () -> einsum("i"));
    rule("einsum: the equation 'ij,jk' has 2 operands, found 1: " + F, () -> einsum("ij,jk", f));
    rule("einsum: the equation 'ijk' has 3 indices for 2 dims: " + F, () -> einsum("ijk", f));
    rule(
        "einsum: the equation 'i1' may have letters, '...', ',' and one '->' only: " + F,
        () -> einsum("i1", f));
    rule(
        "einsum: the equation 'ij->k' has the index 'k' in the result only: " + F,
        () -> einsum("ij->k", f));
    rule(
        "einsum: the equation 'ij->ii' has an index twice in the result: " + F,
        () -> einsum("ij->ii", f));
    rule(
        "tensordot: the number of axes must be from 0 to 2, found 3: " + F,
        () -> tensordot(f, f, 3));
    rule("dot: takes operands of 1 dims: " + F, () -> dot(f, f));
    return tests.stream();
  }
}
