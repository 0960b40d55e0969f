package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.op.Window;
import dev.millrace.provider.Contraction;
import dev.millrace.provider.Contraction.Loop;
import dev.millrace.provider.Contraction.Position;
import dev.millrace.provider.ContractionCode;
import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A provider sees every contraction as it is: one that follows its loops gives the same numbers.
 */
class ContractionFormTest {
  /** Takes over everything, and does what a contraction says. */
  private static final class Loops implements ContractionProvider {
    @Override
    public String name() {
      return "loops";
    }

    @Override
    public boolean isAvailable() {
      return true;
    }

    @Override
    public boolean isFaster(Contraction contraction) {
      return true;
    }

    @Override
    public Optional<ContractionCode> compile(Contraction contraction) {
      return Optional.of((team, left, right, target) ->
          add(contraction, 0, contraction.offset(), left, right, target));
    }

    private static void add(
        Contraction contraction, int depth, Position at, float[] left, float[] right, float[] to) {
      if (depth == contraction.loops().size()) {
        to[at.target()] += left[at.left()] * right[at.right()];
        return;
      }
      Loop loop = contraction.loops().get(depth);
      Position step = loop.step();
      for (int i = 0; i < loop.extent(); i++) {
        var next =
            new Position(
                at.left() + i * step.left(),
                at.right() + i * step.right(),
                at.target() + i * step.target());
        add(contraction, depth + 1, next, left, right, to);
      }
    }
  }

  private static final ContractionPolicy POLICY =
      new ContractionPolicy(false, Optional.of(new Loops()));

  private final Graph graph = new Graph();
  private final Map<Value, Tensor> inputs = new HashMap<>();
  private final Random random = new Random(1);

  /** An input of unknown dims whose tensor has these. */
  private Value input(long... dims) {
    var unknown = new long[dims.length];
    Arrays.fill(unknown, ANY);
    var numbers = new float[Shape.of(dims).size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextInt(-8, 9);
    }
    Value input = graph.placeholder(FLOAT32, Shape.of(unknown));
    inputs.put(input, Tensor.of(Shape.of(dims), numbers));
    return input;
  }

  /** Compares the last step of the program, which is the contraction, with its kernel. */
  private void check(Expr product) {
    Program program = Compiler.compile(List.of((Value) product), POLICY);
    Step step = program.steps().getLast();
    assertTrue(step.contraction().isPresent());
    List<Tensor> expected = ProgramRunner.run(program, inputs, ProgramRunner.Engine.INTERPRETER);
    assertArrayEquals(
        (float[]) expected.getFirst().array(),
        (float[]) ProgramRunner.runTakenOver(program, inputs, new Loops()).getFirst().array());
  }

  @Test
  void productsAreShownWithTheirTranspositionsSlicesAndBatches() {
    check(matmul(input(3, 5), input(5, 4)));
    check(matmul(transpose(input(5, 3)), input(5, 4)));
    check(matmul(input(3, 5), transpose(input(4, 5))));
    check(matmul(input(2, 3, 5), input(2, 5, 4)));
  }

  @Test
  void convolutionsAreShownWithTheirStridesAndDilations() {
    check(conv2d(input(2, 6, 7, 3), input(3, 2, 3, 4), Window.strided(2, 1)));
    check(conv2d(input(2, 6, 7, 3), input(3, 2, 3, 4), Window.strided(1, 1).dilation(1, 2)));
  }

  @Test
  void nothingElseJoinsTheStep() {
    Expr layer = relu(matmul(input(3, 5), input(5, 4)).plus(1));
    assertEquals(2, Compiler.compile(List.of((Value) layer), POLICY).steps().size());
    assertEquals(1, Compiler.compile(List.of((Value) layer)).steps().size());
  }

  @Test
  void contractionsOfOtherTypesStayWithTheirKernels() {
    Value left = graph.placeholder(FLOAT64, Shape.of(3, 5));
    Value right = graph.placeholder(FLOAT64, Shape.of(5, 4));
    Program program = Compiler.compile(List.of((Value) matmul(left, right)), POLICY);
    assertTrue(program.steps().getFirst().contraction().isEmpty());
  }
}
