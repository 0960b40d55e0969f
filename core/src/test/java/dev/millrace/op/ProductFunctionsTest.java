package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Einstein sums against loops over all their indices, and the products that they are made of. */
class ProductFunctionsTest {
  private static final Map<Character, Integer> SIZES = Map.of('i', 2, 'j', 3, 'k', 4, 'l', 5);

  private final Graph graph = new Graph();
  private final SplittableRandom random = new SplittableRandom(6);

  private double[] run(Expr x) {
    return new Session(graph, 1).run(x).toDoubleArray();
  }

  private Expr numbers(long... dims) {
    Shape shape = Shape.of(dims);
    return graph.constant(Tensor.of(shape, random.doubles(shape.size(), -1, 1).toArray()));
  }

  private Expr operand(String labels) {
    return numbers(labels.chars().mapToLong(c -> SIZES.get((char) c)).toArray());
  }

  private static int position(String labels, Map<Character, Integer> at) {
    int position = 0;
    for (int i = 0; i < labels.length(); i++) {
      char label = labels.charAt(i);
      position = position * SIZES.get(label) + at.get(label);
    }
    return position;
  }

  /** One product after another, for every combination of indices. */
  private static double[] expected(List<String> inputs, String output, List<double[]> operands) {
    var labels = new ArrayList<Character>();
    new TreeSet<>(String.join("", inputs).chars().boxed().toList())
        .forEach(c -> labels.add((char) (int) c));
    int size = output.chars().map(c -> SIZES.get((char) c)).reduce(1, (a, b) -> a * b);
    var result = new double[size];
    int all = labels.stream().mapToInt(SIZES::get).reduce(1, (a, b) -> a * b);
    for (int number = 0; number < all; number++) {
      var at = new HashMap<Character, Integer>();
      int rest = number;
      for (char label : labels) {
        at.put(label, rest % SIZES.get(label));
        rest /= SIZES.get(label);
      }
      double product = 1;
      for (int i = 0; i < inputs.size(); i++) {
        product *= operands.get(i)[position(inputs.get(i), at)];
      }
      result[position(output, at)] += product;
    }
    return result;
  }

  private void check(String equation) {
    String[] sides = equation.split("->", -1);
    List<String> inputs = List.of(sides[0].split(",", -1));
    Expr[] operands = inputs.stream().map(this::operand).toArray(Expr[]::new);
    List<double[]> values = Arrays.stream(operands).map(this::run).toList();
    Expr y = einsum(equation, operands);
    assertArrayEquals(expected(inputs, sides[1], values), run(y), 1e-12, equation);
    long[] dims = sides[1].chars().mapToLong(c -> SIZES.get((char) c)).toArray();
    assertEquals(Shape.of(dims), y.shape(), equation);
  }

  @Test
  void anEquationIsTheSumOfProductsThatItSays() {
    for (String equation :
        List.of(
            "ij->ji",
            "ij->",
            "ii->i",
            "iji->j",
            "iii->i",
            "ijk,jkl->il",
            "ijk,ikl->ijl",
            "ijk,ijk->ik",
            "i,j->ji",
            "ij,kl->ljik",
            "ij,jk,kl->li",
            "ij,i,j->",
            "ijj,jk->ki",
            "i,i->",
            "ik,jk->ij",
            ",ij->ji")) {
      check(equation);
    }
  }

  @Test
  void withoutAnArrowIndicesThatOccurOnceStayInAlphabeticalOrder() {
    Expr a = numbers(2, 3);
    Expr b = numbers(3, 4);
    assertArrayEquals(run(matmul(a, b)), run(einsum("ij,jk", a, b)), 1e-12);
    assertArrayEquals(run(transpose(a)), run(einsum("ba", a)));
  }

  @Test
  void anEllipsisIsBroadcast() {
    Expr a = numbers(5, 1, 2, 3);
    Expr b = numbers(4, 3, 2);
    assertArrayEquals(run(matmul(a, b)), run(einsum("...ij,...jk->...ik", a, b)), 1e-12);
    Expr sums = einsum("...i->...", a);
    assertArrayEquals(run(reduceSum(a, -1)), run(sums), 1e-12);
    assertEquals(Shape.of(5, 1, 2), sums.shape());
  }

  @Test
  void productsHaveTheirNames() {
    Expr a = numbers(3, 4);
    Expr b = numbers(4, 5);
    assertArrayEquals(run(matmul(a, b)), run(tensordot(a, b, 1)), 1e-12);
    assertArrayEquals(
        run(einsum("ij,jk->ki", a, b)), run(tensordot(b, a, new int[] {0}, new int[] {-1})), 1e-12);
    Expr v = numbers(4);
    assertArrayEquals(run(einsum("ij,j->i", a, v)), run(matrixVector(a, v)), 1e-12);
    assertArrayEquals(run(einsum("i,i->", v, v)), run(dot(v, v)), 1e-12);
    assertArrayEquals(run(einsum("i,jk->ijk", v, a)), run(outer(v, a)), 1e-12);
    assertArrayEquals(run(einsum("ij,kj->ik", a, a)), run(inner(a, a)), 1e-12);
  }

  @Test
  void aKroneckerProductRepeatsItsRightOperand() {
    Expr a = graph.constant(Tensor.of(Shape.of(2, 2), 1.0, 2, 3, 4));
    Expr b = graph.constant(Tensor.of(Shape.of(2), 1.0, 10));
    Expr product = kron(a, b);
    assertEquals(Shape.of(2, 4), product.shape());
    assertArrayEquals(new double[] {1, 10, 2, 20, 3, 30, 4, 40}, run(product));
  }
}
