package dev.millrace.onednn;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.compile.Compiler;
import dev.millrace.compile.ContractionPolicy;
import dev.millrace.compile.Program;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.session.ComputeType;
import dev.millrace.session.Session;
import dev.millrace.session.SessionOptions;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs in mixed precision. */
class Bfloat16SessionTest {
  private static final OneDnn PROVIDER = new OneDnn();
  private static final int BATCH = 90;
  private static final int FEATURES = 400;
  private static final int UNITS = 400;

  @BeforeAll
  static void needsTheLibrary() {
    assumeTrue(PROVIDER.isAvailable(), "no oneDNN for this machine on the class path");
  }

  private static Tensor random(int rows, int columns, long seed) {
    var random = new Random(seed);
    var numbers = new float[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = 2 * random.nextFloat() - 1;
    }
    return Tensor.of(Shape.of(rows, columns), numbers);
  }

  private final Graph graph = new Graph();
  private final Value x = graph.placeholder(FLOAT32, Shape.of(ANY, FEATURES));
  private final Tensor weights = random(FEATURES, UNITS, 1);
  private final Expr layer = relu(matmul(x, graph.constant(weights)).plus(1));

  @Test
  void aLargeProductIsAStepOfItsOwnAndItsFollowersRunBehindIt() {
    List<Value> wanted = List.of((Value) layer);
    Program program = Compiler.compile(wanted, new ContractionPolicy(true, Optional.of(PROVIDER)));
    assertEquals(2, program.steps().size());
    assertTrue(program.steps().getFirst().contraction().isPresent());
    Program inFloat32 =
        Compiler.compile(wanted, new ContractionPolicy(false, Optional.of(PROVIDER)));
    assertEquals(1, inFloat32.steps().size());
  }

  @Test
  void operandsAreRoundedWhereTheBatchIsLargeEnoughForTheLibrary() {
    check(0, false);
    check(1, false);
    check(BATCH, true);
    check(131, true);
    check(BATCH, true);
  }

  private void check(int batch, boolean isRounded) {
    Tensor input = random(batch, FEATURES, 2);
    float[] first = run(1, input);
    assertArrayEquals(expected(input, isRounded), first, 1e-4f);
    assertArrayEquals(first, run(2, input));
    assertArrayEquals(first, run(3, input));
  }

  private float[] run(int threads, Tensor input) {
    SessionOptions options =
        SessionOptions.defaults().threads(threads).compute(ComputeType.BFLOAT16);
    return (float[]) new Session(graph, options).run(layer, feed(x, input)).array();
  }

  private float[] expected(Tensor input, boolean isRounded) {
    float[] left = numbers(input, isRounded);
    float[] right = numbers(weights, isRounded);
    var result = new float[left.length / FEATURES * UNITS];
    for (int i = 0; i < result.length; i++) {
      double sum = 1;
      for (int k = 0; k < FEATURES; k++) {
        sum += (double) left[i / UNITS * FEATURES + k] * right[k * UNITS + i % UNITS];
      }
      result[i] = (float) Math.max(0, sum);
    }
    return result;
  }

  private static float[] numbers(Tensor tensor, boolean isRounded) {
    float[] numbers = ((float[]) tensor.array()).clone();
    for (int i = 0; i < numbers.length && isRounded; i++) {
      numbers[i] = Float.intBitsToFloat(Bfloat16.round(numbers[i]) << Short.SIZE);
    }
    return numbers;
  }
}
