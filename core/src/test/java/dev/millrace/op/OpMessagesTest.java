package dev.millrace.op;

import static dev.millrace.Ops.*;

import dev.millrace.graph.Value;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The exact words of every rule that operands can break. */
class OpMessagesTest extends MessageRules {
  private final Value f = named("f", FLOAT32, 2, 3);
  private final Value g = named("g", FLOAT32, 4, 5);
  private final Value d = named("d", FLOAT64, 2, 3);
  private final Value i = named("i", INT32, 2, 3);
  private final Value u = named("u", UINT8, 3);
  private final Value b = named("b", BOOL, 2, 3);
  private final Value s = named("s", FLOAT32);
  private final Value n = named("n", FLOAT32, ANY, 3);
  private final Value cube = named("cube", FLOAT32, 2, 3, 4);

  @TestFactory
  Stream<DynamicTest> elementwiseRules() {
    rule(
        "add: operands must have one type: 'f' is FLOAT32 [2, 3] (HERE), 'd' is FLOAT64 [2, 3]"
            + " (HERE); convert one with cast(x, FLOAT64)",
        () -> f.plus(d));
    rule(
        "multiply: dims 2 and 4 differ at axis -2 (dims are aligned at the end; only a dim of 1 is"
            + " repeated): 'f' is FLOAT32 [2, 3] (HERE), 'g' is FLOAT32 [4, 5] (HERE)",
        () -> f.times(g));
    rule("add: takes numbers: 'b' is BOOL [2, 3] (HERE)", () -> b.plus(b));
    rule(
        "exp: takes floating point: 'i' is INT32 [2, 3] (HERE); convert it with cast(x,"
            + " FLOAT32)",
        () -> i.exp());
    rule("and: takes bool: 'f' is FLOAT32 [2, 3] (HERE)", () -> and(f, f));
    rule("less: takes numbers: 'b' is BOOL [2, 3] (HERE)", () -> b.less(b));
    rule(
        "maximum: shapes differ in dim 0: 'f' is FLOAT32 [2, 3] (HERE), 'g' is FLOAT32 [4, 5]"
            + " (HERE)",
        () -> graph.apply(Elementwise.MAX, List.of(f, g)));
    rule(
        "maximum: ranks differ: 'f' is FLOAT32 [2, 3] (HERE), 's' is FLOAT32 [] (HERE)",
        () -> graph.apply(Elementwise.MAX, List.of(f, s)));
    rule(
        "maximum: takes 2 operands, found 1: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> graph.apply(Elementwise.MAX, List.of(f)));
    rule(
        "select: the condition must be bool: 'i' is INT32 [2, 3] (HERE); make it with a comparison"
            + " such as greater(x, 0)",
        () -> select(i, f, f));
    rule(
        "select: operands must have one type: 'f' is FLOAT32 [2, 3] (HERE), 'd' is FLOAT64 [2, 3]"
            + " (HERE); convert one with cast(x, FLOAT64)",
        () -> select(b, f, d));
    rule(
        "constant: 0.5 is no INT32: 'i' is INT32 [2, 3] (HERE); convert it with cast(x, FLOAT32)"
            + " first",
        () -> i.times(0.5));
    rule(
        "constant: 300.0 is no UINT8: 'u' is UINT8 [3] (HERE); convert it with cast(x, FLOAT32)"
            + " first",
        () -> u.plus(300));
    rule(
        "dropout: takes floating point: 'i' is INT32 [2, 3] (HERE); convert it with cast(x,"
            + " FLOAT32)",
        () -> dropout(i, 0.5));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> rulesOfMathematicsAndActivations() {
    rule("bitAnd: takes integers: 'f' is FLOAT32 [2, 3] (HERE)", () -> bitAnd(f, f));
    rule("xor: takes bool: 'i' is INT32 [2, 3] (HERE)", () -> xor(i, i));
    rule("isNaN: takes numbers: 'b' is BOOL [2, 3] (HERE)", () -> isNaN(b));
    rule(
        "polygamma: takes floating point: 'i' is INT32 [2, 3] (HERE); convert it with cast(x,"
            + " FLOAT32)",
        () -> digamma(i));
    rule("polygamma: the order counts derivatives from 0, found -1", () -> polygamma(-1, f));
    rule("clip: needs bounds low <= high, found 2.0 and 1.0", () -> clip(f, 2, 1));
    rule(
        "powInt: an integer has no power of -1 that is one: 'i' is INT32 [2, 3] (HERE); convert it"
            + " with cast(x, FLOAT32)",
        () -> powInt(i, -1));
    rule("celu: alpha is divided by: it must not be 0.0", () -> celu(f, 0));
    rule("hardTanh: needs bounds low < high, found 1.0 and 1.0", () -> hardTanh(f, 1, 1));
    rule(
        "glu: axis 1 must have a known size that 2 divides: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> glu(f, -1));
    rule(
        "glu: axis 0 must have a known size that 2 divides: 'n' is FLOAT32 [?, 3] (HERE)",
        () -> glu(n, 0));
    rule(
        "prelu: slopes along an axis are a vector: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> prelu(f, f, 1));
    rule(
        "softmax: axis 2 is outside of [2, 3], which has axes 0 to 1 (or -2 to -1): 'f' is FLOAT32"
            + " [2, 3] (HERE)",
        () -> softmax(f, 2));
    rule(
        "gumbelSoftmax: the temperature is above 0, found 0.0",
        () -> gumbelSoftmax(f, 0, 1, false));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> reductionRules() {
    rule(
        "reduceSum: axis 2 is outside of [2, 3], which has axes 0 to 1 (or -2 to -1): 'f' is"
            + " FLOAT32 [2, 3] (HERE)",
        () -> reduceSum(f, 2));
    rule(
        "reduceMax: axis -1 is given twice: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> reduceMax(f, 1, -1));
    rule(
        "reduceSum: takes numbers: 'b' is BOOL [2, 3] (HERE); convert it with cast(x, FLOAT32)"
            + " first",
        () -> reduceSum(b));
    rule(
        "reduceMean: takes floating point: 'i' is INT32 [2, 3] (HERE); convert it with cast(x,"
            + " FLOAT32) first",
        () -> reduceMean(i));
    rule("reduceAny: takes bool: 'f' is FLOAT32 [2, 3] (HERE)", () -> reduceAny(f));
    rule(
        "argMax: axis 0 is outside of [], which has axes none: 's' is FLOAT32 [] (HERE)",
        () -> argMax(s, 0));
    rule("softmax: a scalar has no last axis: 's' is FLOAT32 [] (HERE)", () -> softmax(s));
    rule(
        "logSoftmax: takes floating point: 'i' is INT32 [2, 3] (HERE); convert it with cast(x,"
            + " FLOAT32)",
        () -> logSoftmax(i));
    rule(
        "softmaxCrossEntropy: labels need one number per class: 'u' is UINT8 [3] (HERE), 'f' is"
            + " FLOAT32 [2, 3] (HERE); make them with oneHot(labels, classes)",
        () -> softmaxCrossEntropy(u, f));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> productRules() {
    Value w = named("w", FLOAT32, 3, 2);
    Value wide = named("wide", FLOAT32, 5, 3);
    Value other = named("other", FLOAT32, 7, 9);
    String rows =
        "matmul: the columns of the left operand must be as many as the rows of the right one: ";
    rule(
        rows
            + "3 columns and 2 rows: 'f' is FLOAT32 [2, 3] (HERE), 'swapped' is FLOAT32 [2, 2]"
            + " (HERE); the operands may be swapped: matmul(swapped, f) fits",
        () -> matmul(f, named("swapped", FLOAT32, 2, 2)));
    rule(
        rows
            + "3 columns and 5 rows: 'f' is FLOAT32 [2, 3] (HERE), 'wide' is FLOAT32 [5, 3] (HERE);"
            + " matmul(f, transpose(wide)) fits",
        () -> matmul(f, wide));
    rule(
        rows
            + "2 columns and 3 rows: 'w' is FLOAT32 [3, 2] (HERE), 'tall' is FLOAT32 [3, 7] (HERE);"
            + " matmul(transpose(w), tall) fits",
        () -> matmul(w, named("tall", FLOAT32, 3, 7)));
    rule(
        rows
            + "3 columns and 7 rows: 'f' is FLOAT32 [2, 3] (HERE), 'other' is FLOAT32 [7, 9]"
            + " (HERE)",
        () -> matmul(f, other));
    rule(
        "matmul: a scalar has no rows or columns: 's' is FLOAT32 [] (HERE), 'f' is FLOAT32 [2, 3]"
            + " (HERE); use times for a product with a scalar",
        () -> matmul(s, f));
    rule(
        "matmul: operands must be numbers of one type: 'f' is FLOAT32 [2, 3] (HERE), 'd' is FLOAT64"
            + " [2, 3] (HERE); convert one with cast(x, FLOAT32)",
        () -> matmul(f, d));
    rule(
        "matmul: dims 2 and 5 differ at axis -3 (dims are aligned at the end; only a dim of 1 is"
            + " repeated): 'cube' is FLOAT32 [2, 3, 4] (HERE), 'five' is FLOAT32 [5, 4, 2] (HERE)",
        () -> matmul(cube, named("five", FLOAT32, 5, 4, 2)));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> movementRules() {
    rule(
        "transpose: [0, 0] is no order of the axes [0, 1]: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> transpose(f, 0, 0));
    rule(
        "transpose: takes two dims or more: 'u' is UINT8 [3] (HERE); expandDims(x, 0) makes a row"
            + " of a vector",
        () -> transpose(u));
    rule(
        "broadcastTo: only dims of 1 can be repeated to give [4, 3]: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> f.broadcastTo(Shape.of(4, 3)));
    rule(
        "broadcastTo: only dims of 1 can be repeated to give [3]: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> f.broadcastTo(Shape.of(3)));
    rule(
        "expandDims: axis 4 is outside of -3 to 2: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> expandDims(f, 4));
    rule("squeeze: dim 0 is 2, only a 1 can go: 'f' is FLOAT32 [2, 3] (HERE)", () -> squeeze(f, 0));
    rule(
        "reshape: [4, 2] has 8 elements, the operand has 6: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> reshape(f, 4, 2));
    rule(
        "reshape: 6 elements do not divide into [4, -1]: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> reshape(f, 4, -1));
    rule(
        "flatten: a scalar has no dims: 's' is FLOAT32 [] (HERE); reshape(x, 1, 1) makes a matrix"
            + " of it",
        () -> flatten(s));
    rule(
        "slice: elements 1 to 4 of axis 1 are outside of dim 3: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> slice(f, 1, 1, 5));
    rule("slice: begin 2 lies behind end 1: 'f' is FLOAT32 [2, 3] (HERE)", () -> slice(f, 1, 2, 1));
    rule("slice: the step must be 1 or more, found 0; see reverse", () -> slice(f, 1, 0, 2, 0));
    rule(
        "reverse: axis 2 is outside of [2, 3], which has axes 0 to 1 (or -2 to -1): 'f' is FLOAT32"
            + " [2, 3] (HERE)",
        () -> reverse(f, 2));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> assemblyRules() {
    rule("concat: takes one operand or more, found none", () -> concat(0));
    rule(
        "concat: dims other than axis 0 must agree: 'f' is FLOAT32 [2, 3] (HERE), 'g' is FLOAT32"
            + " [4, 5] (HERE)",
        () -> concat(0, f, g));
    rule(
        "concat: ranks differ: 'f' is FLOAT32 [2, 3] (HERE), 's' is FLOAT32 [] (HERE)",
        () -> concat(0, f, s));
    rule(
        "pad: one number in front and one behind for each of 2 axes, found 1 and 2: 'f' is FLOAT32"
            + " [2, 3] (HERE)",
        () -> pad(f, new long[1], new long[2], 0));
    rule(
        "pad: axis 0 has fewer than the 3 elements to take away: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> pad(f, new long[] {-1, 0}, new long[] {-2, 0}, 0));
    rule(
        "pad: 0.5 is no INT32: 'i' is INT32 [2, 3] (HERE)",
        () -> pad(i, new long[2], new long[2], 0.5));
    rule(
        "tile: one number from 0 for each of 2 axes, found [2]: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> tile(f, 2));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> indexingAndSourceRules() {
    rule(
        "gather: indices must be int32 or int64: 'f' is FLOAT32 [2, 3] (HERE)",
        () -> gather(f, f, 0));
    rule(
        "gather: axis 3 is outside of [2, 3], which has axes 0 to 1 (or -2 to -1): 'f' is FLOAT32"
            + " [2, 3] (HERE)",
        () -> gather(f, i, 3));
    rule(
        "scatterAdd: the updates need a dim for each of the indices: 'i' is INT32 [2, 3] (HERE),"
            + " 'row' is FLOAT32 [2] (HERE)",
        () -> scatterAdd(i, named("row", FLOAT32, 2), 4));
    rule(
        "scatterAdd: combines numbers: 'b' is BOOL [2, 3] (HERE); convert it with cast(x, FLOAT32)"
            + " first",
        () -> scatterAdd(i, b, 4));
    rule("scatterAdd: the size must be 0 or more, found -1", () -> scatterAdd(i, f, -1));
    rule(
        "oneHot: indices must be int32 or int64: 'f' is FLOAT32 [2, 3] (HERE)", () -> oneHot(f, 3));
    rule("oneHot: the number of classes must be 0 or more, found -1", () -> oneHot(i, -1));
    rule("iota: takes a type of numbers, found BOOL", () -> iota(graph, BOOL, Dim.of(3)));
    rule("uniform: draws floating point, found UINT8", () -> uniform(graph, UINT8, Shape.of(3)));
    rule(
        "uniform: needs finite numbers low < high, found 1.0 and 0.0",
        () -> uniform(graph, Shape.of(3), 1, 0));
    rule(
        "normal: needs a finite mean and a deviation from 0, found 0.0 and -1.0",
        () -> normal(graph, Shape.of(3), 0, -1));
    rule(
        "truncatedNormal: needs a finite mean and a deviation from 0, found NaN and 1.0",
        () -> truncatedNormal(graph, Shape.of(3), Double.NaN, 1));
    rule(
        "shape: a dim is a number from 0, or ANY (-1) for any size, found [-2]",
        () -> uniform(graph, FLOAT32, Shape.of(-2)));
    rule(
        "expandDims: axis -4 is outside of -3 to 2: 'n' is FLOAT32 [?, 3] (HERE)",
        () -> stack(-4, n, n));
    return tests.stream();
  }
}
