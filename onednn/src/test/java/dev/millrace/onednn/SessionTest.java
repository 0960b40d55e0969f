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
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs in which oneDNN computes the large products, and Java all else. */
class SessionTest {
  private static final OneDnn PROVIDER = new OneDnn();

  /** Just large enough in float32. */
  private static final int ROWS = 1311;

  private static final int LENGTH = 1280;
  private static final int COLUMNS = 1283;

  /** Every so many elements are looked at. */
  private static final int SAMPLE = 997;

  private final Graph graph = new Graph();
  private final Value x = graph.placeholder(FLOAT32, Shape.of(ROWS, LENGTH));
  private final Value w = graph.placeholder(FLOAT32, Shape.of(LENGTH, COLUMNS));
  private final Expr layer = relu(matmul(x, w).plus(1));

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

  @Test
  void aLargeProductIsAStepOfItsOwnAndItsFollowersRunBehindIt() {
    List<Value> wanted = List.of((Value) layer);
    Program program = Compiler.compile(wanted, new ContractionPolicy(false, Optional.of(PROVIDER)));
    assertEquals(2, program.steps().size());
    assertTrue(program.steps().getFirst().contraction().isPresent());
    assertEquals(1, Compiler.compile(wanted).steps().size());
  }

  @Test
  void aSessionUsesTheModuleAndItsResultsAreThoseOfTheDefinition() {
    assertEquals(Optional.of("onednn"), Session.provider());
    Tensor left = random(ROWS, LENGTH, 1);
    Tensor right = random(LENGTH, COLUMNS, 2);
    float[] one = run(1, left, right);
    float[] a = (float[]) left.array();
    float[] b = (float[]) right.array();
    for (int i = 0; i < one.length; i += SAMPLE) {
      double sum = 1;
      for (int k = 0; k < LENGTH; k++) {
        sum += (double) a[i / COLUMNS * LENGTH + k] * b[k * COLUMNS + i % COLUMNS];
      }
      assertEquals(Math.max(0, sum), one[i], 1e-3);
    }
    assertArrayEquals(one, run(2, left, right));
    assertArrayEquals(one, run(3, left, right));
  }

  private float[] run(int threads, Tensor left, Tensor right) {
    return (float[]) new Session(graph, threads).run(layer, feed(x, left, w, right)).array();
  }
}
