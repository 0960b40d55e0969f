package dev.millrace.kernel;

import static dev.millrace.tensor.DType.BOOL;
import static dev.millrace.tensor.DType.FLOAT32;
import static dev.millrace.tensor.DType.INT32;
import static dev.millrace.tensor.DType.INT64;
import static dev.millrace.tensor.DType.UINT8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.kernel.Statement.Store;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every rule of {@link Validator} with a kernel that breaks it. */
class KernelValidatorTest {
  private static final Buffer IN = new Buffer(0, FLOAT32, Role.INPUT, Dim.of(4));
  private static final Buffer OUT = new Buffer(1, FLOAT32, Role.OUTPUT, Dim.of(4));
  private static final Buffer INTS = new Buffer(2, INT32, Role.INPUT, Dim.of(4));
  private static final Buffer BITS = new Buffer(3, BOOL, Role.INPUT, Dim.of(4));
  private static final Range FOUR = Range.upTo(Dim.of(4));
  private static final Index TASK = Index.ofVariable(Kernel.TASK);

  private static Let load(int variable, Buffer buffer) {
    return new Let(variable, new Scalar.Load(buffer, TASK));
  }

  private static Let apply(int variable, ScalarOp op, DType dtype, Integer... operands) {
    return new Let(variable, new Scalar.Apply(op, dtype, List.of(operands)));
  }

  private static Kernel kernel(Statement... body) {
    return new Kernel(List.of(IN, OUT, INTS, BITS), 1, Dim.of(4), List.of(body));
  }

  private static void assertBroken(String message, Statement... body) {
    assertMessage(message, kernel(body));
  }

  private static void assertMessage(String message, Kernel kernel) {
    var error = assertThrows(IllegalArgumentException.class, () -> Validator.check(kernel));
    assertEquals("kernel: " + message, error.getMessage());
  }

  @Test
  void givesTheTypesOfAValidKernel() {
    var sum = new Accumulator(3, Combiner.SUM, FLOAT32, 2);
    var loop = new Loop(1, FOUR, 16, List.of(sum), List.of(load(2, IN)));
    var types = Validator.check(kernel(loop, new Store(OUT, TASK, 3)));
    assertEquals(Map.of(2, FLOAT32, 3, FLOAT32), types);
  }

  @Test
  void buffersAreNumberedAndDeclared() {
    var stranger = new Buffer(0, FLOAT32, Role.INPUT, Dim.of(5));
    assertBroken("buffers are declared by the kernel: in0 is not: v1 = in0[i0]", load(1, stranger));
    assertMessage(
        "ids count from 0: found out1 at 0: header",
        new Kernel(List.of(OUT), 0, Dim.ONE, List.of()));
  }

  @Test
  void dimsAreArguments() {
    assertMessage(
        "d1 is not among the 1 dims: header", new Kernel(List.of(), 1, Kernel.dim(1), List.of()));
    assertMessage(
        "dims are named d0, d1, ...: found batch",
        new Kernel(List.of(), 1, Dim.of("batch"), List.of()));
  }

  @Test
  void variablesAreSetOnceAndBeforeTheirUse() {
    assertBroken(
        "a variable is set once: 1 is set before: v1 = in2[i0]", load(1, IN), load(1, INTS));
    assertBroken("a variable is set once: 0 is set before: v0 = in0[i0]", load(0, IN));
    assertBroken("v1 is used before it is set: v2 = exp v1", apply(2, ScalarOp.EXP, FLOAT32, 1));
    assertBroken("v1 is used before it is set: out1[i0] = v1", new Store(OUT, TASK, 1));
  }

  @Test
  void whatALoopSetsIsNotVisibleBehindIt() {
    var loop = new Loop(1, FOUR, 1, List.of(), List.of(load(2, IN)));
    assertBroken("v2 is used before it is set: out1[i0] = v2", loop, new Store(OUT, TASK, 2));
    assertBroken(
        "i1 is used before it is set: v3 = position i1",
        loop,
        new Let(3, new Scalar.Position(Index.ofVariable(1))));
  }

  @Test
  void aRangeDoesNotUseItsOwnVariable() {
    var range = new Range(Index.ZERO, List.of(Index.ofVariable(1)));
    assertBroken(
        "i1 is used before it is set: for i1 below i1",
        new Loop(1, range, 1, List.of(), List.of()));
    assertBroken(
        "a range has an end: for i1 below min[]",
        new Loop(1, new Range(Index.ZERO, List.of()), 1, List.of(), List.of()));
  }

  @Test
  void indicesAreMadeOfIndexVariables() {
    assertBroken(
        "v1 is not an index variable: v2 = position i1",
        load(1, INTS),
        new Let(2, new Scalar.Position(Index.ofVariable(1))));
    assertBroken("i0 is an index and not a value: v1 = exp v0", apply(1, ScalarOp.EXP, FLOAT32, 0));
    Validator.check(
        kernel(
            load(1, INTS),
            new Let(2, new Scalar.CheckedIndex(INT32, 1, Dim.of(4))),
            new Let(3, new Scalar.Load(IN, Index.ofVariable(2)))));
  }

  @Test
  void indicesAreInNormalForm() {
    var zero = new Index(Dim.ZERO, List.of(new Index.Term(0, Dim.ZERO)));
    assertBroken(
        "factors are not 0: i0: v1 = position 0*i0", new Let(1, new Scalar.Position(zero)));
    var twice =
        new Index(Dim.ZERO, List.of(new Index.Term(0, Dim.ONE), new Index.Term(0, Dim.ONE)));
    assertBroken(
        "variables of an index ascend: i0 + i0: v1 = position i0 + i0",
        new Let(1, new Scalar.Position(twice)));
  }

  @Test
  void operandsHaveTheRightTypes() {
    assertBroken(
        "operand types differ or are wrong: [INT32, FLOAT32]: v3 = add v1 v2",
        load(1, INTS),
        load(2, IN),
        apply(3, ScalarOp.ADD, FLOAT32, 1, 2));
    assertBroken(
        "the result is BOOL, not FLOAT32: v2 = less v1 v1",
        load(1, IN),
        apply(2, ScalarOp.LESS, FLOAT32, 1, 1));
    assertBroken(
        "not an operation of INT32: v2 = exp v1", load(1, INTS), apply(2, ScalarOp.EXP, INT32, 1));
    assertBroken(
        "not an operation of BOOL: v2 = add v1 v1",
        load(1, BITS),
        apply(2, ScalarOp.ADD, BOOL, 1, 1));
    assertBroken(
        "takes 3 operands, found 1: v2 = select v1",
        load(1, BITS),
        apply(2, ScalarOp.SELECT, BOOL, 1));
    assertBroken(
        "operand types differ or are wrong: [FLOAT32, FLOAT32, FLOAT32]: v2 = select v1 v1 v1",
        load(1, IN),
        apply(2, ScalarOp.SELECT, FLOAT32, 1, 1, 1));
  }

  @Test
  void literalsHaveTheirTypesRange() {
    assertBroken(
        "a literal has its type's class and range: UINT8, found Integer 256: v1 = UINT8 256",
        new Let(1, new Scalar.Literal(UINT8, 256)));
    assertBroken(
        "a literal has its type's class and range: FLOAT32, found Double 1.0: v1 = FLOAT32 1.0",
        new Let(1, new Scalar.Literal(FLOAT32, 1.0)));
  }

  @Test
  void numbersOf16BitsAreCastBeforeTheyAreComputedWith() {
    var half = new Buffer(0, DType.FLOAT16, Role.INPUT, Dim.of(4));
    var result = new Buffer(1, DType.FLOAT16, Role.OUTPUT, Dim.of(4));
    var load = load(1, half);
    var exp = new Let(2, new Scalar.Apply(ScalarOp.EXP, DType.FLOAT16, List.of(1)));
    assertMessage(
        "not an operation of FLOAT16: v2 = exp v1",
        new Kernel(List.of(half, result), 0, Dim.of(4), List.of(load, exp)));
    var cast = new Let(2, new Scalar.Apply(ScalarOp.CAST, FLOAT32, List.of(1)));
    var computed = new Let(3, new Scalar.Apply(ScalarOp.EXP, FLOAT32, List.of(2)));
    var back = new Let(4, new Scalar.Apply(ScalarOp.CAST, DType.FLOAT16, List.of(3)));
    var store = new Store(result, TASK, 4);
    Validator.check(
        new Kernel(
            List.of(half, result), 0, Dim.of(4), List.of(load, cast, computed, back, store)));
  }

  @Test
  void drawsAndCheckedIndicesHaveTheRightTypes() {
    assertBroken(
        "v1 must be INT64, is INT32: v2 = uniform FLOAT32 key 1 run v1 element i0",
        load(1, INTS),
        new Let(2, new Scalar.Draw(FLOAT32, 1, 1, TASK)));
    assertBroken(
        "draws are float32 or float64, found INT64: v2 = uniform INT64 key 1 run v1 element i0",
        new Let(1, new Scalar.Literal(INT64, 0L)),
        new Let(2, new Scalar.Draw(INT64, 1, 1, TASK)));
    assertBroken(
        "v1 must be INT64, is INT32: v2 = index v1 below 4",
        load(1, INTS),
        new Let(2, new Scalar.CheckedIndex(INT64, 1, Dim.of(4))));
  }

  @Test
  void onlyOutputsAndScratchAreWritten() {
    assertBroken(
        "only outputs and scratch are written, found in0: in0[i0] = v1",
        load(1, IN),
        new Store(IN, TASK, 1));
    assertBroken(
        "out1 holds FLOAT32, found INT32: out1[i0] = v1", load(1, INTS), new Store(OUT, TASK, 1));
  }

  @Test
  void accumulatorsFit() {
    var first = new Accumulator(3, Combiner.FIRST_MAXIMUM, FLOAT32, 2);
    assertBroken(
        "FIRST_MAXIMUM takes one lane: for i1 below 4 in 2 lanes",
        new Loop(1, FOUR, 2, List.of(first), List.of(load(2, IN))));
    assertBroken(
        "lanes are a power of two: for i1 below 4 in 3 lanes",
        new Loop(1, FOUR, 3, List.of(), List.of()));
    var sum = new Accumulator(3, Combiner.SUM, BOOL, 2);
    assertBroken(
        "SUM takes numbers, found bool: for i1 below 4",
        new Loop(1, FOUR, 1, List.of(sum), List.of(load(2, BITS))));
    var wrong = new Accumulator(3, Combiner.SUM, FLOAT32, 2);
    assertBroken(
        "v2 must be FLOAT32, is INT32: for i1 below 4",
        new Loop(1, FOUR, 1, List.of(wrong), List.of(load(2, INTS))));
  }

  private static Contract contract(Place left, Place right, Place target) {
    var row = new Statement.Axis(1, Dim.of(4));
    var inner = new Statement.Axis(3, Dim.of(4));
    return new Contract(List.of(row), FOUR, 2, FOUR, List.of(inner), left, right, target);
  }

  @Test
  void placesOfAContractionDependOnTheRightVariables() {
    String row = "for row i1 below 4";
    Place in = new Place(IN, Index.ZERO);
    Place out = new Place(OUT, Index.ofVariable(1));
    assertBroken(
        "in0 must not depend on the column i2: " + row,
        contract(new Place(IN, Index.ofVariable(2)), in, out));
    assertBroken(
        "in0 must not depend on the row i1: " + row,
        contract(in, new Place(IN, Index.ofVariable(1)), out));
    assertBroken(
        "out1 must not depend on the inner i3: " + row,
        contract(in, in, new Place(OUT, Index.ofVariable(3))));
    assertBroken("in2 is not FLOAT32: " + row, contract(in, new Place(INTS, Index.ZERO), out));
    assertBroken("out1 is target and operand: " + row, contract(out, in, out));
    assertBroken("only outputs and scratch are written, found in0: " + row, contract(in, in, in));
  }
}
