package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.kernel.GammaFunctions;
import dev.millrace.kernel.SpecialFunctions;
import dev.millrace.session.Session;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Draws against their distribution functions (Kolmogorov and Smirnov) and probabilities (chi
 * square), with fixed seeds; the limits are passed by chance once in a thousand times.
 */
class DistributionFunctionsTest {
  private static final int DRAWS = 20_000;
  private static final double KOLMOGOROV = 1.95;

  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 2);

  private Expr many(double value) {
    return graph.constant(Tensor.filled(FLOAT64, Shape.of(DRAWS), value));
  }

  private double[] numbers(Expr y) {
    return session.run(y).toDoubleArray();
  }

  private void assertDistributed(DoubleUnaryOperator cumulative, Expr draws) {
    double[] x = numbers(draws);
    Arrays.sort(x);
    double distance = 0;
    for (int i = 0; i < x.length; i++) {
      double p = cumulative.applyAsDouble(x[i]);
      double here = Math.max(p - (double) i / x.length, (i + 1.0) / x.length - p);
      distance = Math.max(distance, here);
    }
    double statistic = distance * Math.sqrt(x.length);
    assertTrue(statistic < KOLMOGOROV, () -> draws.name() + ": " + statistic);
  }

  @Test
  void quantilesOfUniformNumbersHaveTheirDistribution() {
    Expr two = many(2);
    Expr one = many(1);
    assertDistributed(x -> x - 1, uniform(one, two));
    assertDistributed(x -> SpecialFunctions.ndtr((x - 1) / 2), normal(one, two));
    assertDistributed(x -> SpecialFunctions.ndtr((Math.log(x) - 1) / 2), logNormal(one, two));
    assertDistributed(x -> 1 - Math.exp(-2 * x), exponential(two));
    assertDistributed(x -> Math.exp(-Math.exp(-(x - 1) / 2)), gumbel(one, two));
    assertDistributed(
        x -> x < 1 ? 0.5 * Math.exp((x - 1) / 2) : 1 - 0.5 * Math.exp((1 - x) / 2),
        laplace(one, two));
    assertDistributed(x -> 0.5 + Math.atan((x - 1) / 2) / Math.PI, cauchy(one, two));
    assertDistributed(x -> 1 - Math.exp(-Math.pow(x / 3, 2)), weibull(two, many(3)));
    double from = SpecialFunctions.ndtr(-0.75);
    double to = SpecialFunctions.ndtr(0.5);
    assertDistributed(
        x -> (SpecialFunctions.ndtr((x - 1) / 2) - from) / (to - from),
        truncatedNormal(one, two, many(-0.5), two));
  }

  /** For a whole shape a: the chance of a or more events of mean x. */
  private static double erlang(int a, double x) {
    double term = Math.exp(-x);
    double sum = 0;
    for (int k = 0; k < a; k++) {
      sum += term;
      term *= x / (k + 1);
    }
    return 1 - sum;
  }

  @Test
  void rejectionLeavesTheirDistribution() {
    assertDistributed(x -> SpecialFunctions.erf(Math.sqrt(x)), gamma(many(0.5)));
    assertDistributed(x -> erlang(1, x), gamma(many(1)));
    assertDistributed(x -> erlang(7, 3 * x), gamma(many(7), many(3)));
    assertDistributed(x -> erlang(100, x), gamma(many(100)));
    assertDistributed(x -> erlang(2, x / 2), chiSquare(many(4)));
    assertDistributed(x -> 0.5 + Math.atan(x) / Math.PI, studentT(many(1)));
    assertDistributed(x -> x * x * (3 - 2 * x), beta(many(2), many(2)));
    assertDistributed(x -> 2 / Math.PI * Math.asin(Math.sqrt(x)), beta(many(0.5), many(0.5)));
    Expr concentration = graph.constant(Tensor.of(1.0, 1.0, 1.0));
    Expr parts = dirichlet(broadcastTo(concentration, Shape.of(DRAWS, 3)));
    assertDistributed(x -> 1 - (1 - x) * (1 - x), squeeze(slice(parts, 1, 1, 2), 1));
    double[] sums = numbers(reduceSum(parts, 1));
    assertTrue(Arrays.stream(sums).allMatch(sum -> Math.abs(sum - 1) < 1e-12));
  }

  /** That each number comes as often as its probability says; rare ones count together. */
  private void assertCounts(Function<Integer, Double> probability, Expr draws) {
    double[] x = numbers(draws);
    int most = (int) Arrays.stream(x).max().orElseThrow();
    int[] found = new int[most + 1];
    Arrays.stream(x).forEach(k -> found[(int) k]++);
    double statistic = 0;
    int cells = 0;
    double restWanted = x.length;
    double restFound = x.length;
    for (int k = 0; k <= most; k++) {
      double wanted = probability.apply(k) * x.length;
      if (wanted >= 5) {
        statistic += (found[k] - wanted) * (found[k] - wanted) / wanted;
        restWanted -= wanted;
        restFound -= found[k];
        cells++;
      }
    }
    if (restWanted > 1) {
      statistic += (restFound - restWanted) * (restFound - restWanted) / restWanted;
    } else {
      cells--;
    }
    double limit = cells + 3.1 * Math.sqrt(2.0 * cells) + 5;
    double value = statistic;
    assertTrue(value < limit, () -> draws.name() + ": " + value + " is above " + limit);
  }

  private static double chancePoisson(double mean, int k) {
    return Math.exp(k * Math.log(mean) - mean - GammaFunctions.lgamma(k + 1));
  }

  private static double chanceBinomial(int n, double p, int k) {
    double ways =
        GammaFunctions.lgamma(n + 1)
            - GammaFunctions.lgamma(k + 1)
            - GammaFunctions.lgamma(n - k + 1);
    return k > n ? 0 : Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
  }

  @Test
  void countsComeAsOftenAsTheirProbabilitySays() {
    for (double mean : new double[] {0.4, 3.5, 10, 47}) {
      assertCounts(k -> chancePoisson(mean, k), poisson(many(mean)));
    }
    assertCounts(k -> chanceBinomial(10, 0.3, k), binomial(many(10), many(0.3)));
    assertCounts(k -> chanceBinomial(200, 0.4, k), binomial(many(200), many(0.4)));
    assertCounts(k -> chanceBinomial(90, 0.8, k), binomial(many(90), many(0.8)));
    assertCounts(k -> k == 1 ? 0.3 : 0.7, cast(bernoulli(many(0.3)), FLOAT64));
    double[] p = {0.1, 0.6, 0.3};
    Expr logits = log(graph.constant(Tensor.of(p)));
    assertCounts(k -> p[k], categorical(logits, DRAWS));
    assertCounts(k -> 0.2, uniformInt(graph, Shape.of(DRAWS), 3, 8).minus(3));
  }

  @Test
  void impossibleParametersGiveNan() {
    Expr bad = graph.constant(Tensor.of(-1.0, Double.NaN, Double.POSITIVE_INFINITY));
    double[] nan = {Double.NaN, Double.NaN, Double.NaN};
    assertArrayEquals(nan, numbers(gamma(bad)));
    assertArrayEquals(nan, numbers(poisson(bad)));
    assertArrayEquals(nan, numbers(binomial(graph.constant(Tensor.scalar(3.0)), bad)));
    double[] sure = numbers(binomial(many(5), many(1)));
    assertTrue(Arrays.stream(sure).allMatch(count -> count == 5));
    assertTrue(Arrays.stream(numbers(poisson(many(0)))).allMatch(count -> count == 0));
  }

  @Test
  void drawsAreTheSameOnAnyNumberOfThreadsAndNewInEachRun() {
    var other = new DistributionFunctionsTest();
    var one = new Session(other.graph, 1);
    Expr mine = gamma(many(0.7)).plus(poisson(many(20)));
    Expr theirs = gamma(other.many(0.7)).plus(poisson(other.many(20)));
    double[] first = numbers(mine);
    assertArrayEquals(first, one.run(theirs).toDoubleArray(), 0);
    double[] second = numbers(mine);
    assertTrue(IntStream.range(0, DRAWS).allMatch(i -> first[i] != second[i]));
  }

  @Test
  void slopesOfDrawsAreThoseOfTheirDistribution() {
    Expr rate = graph.variable(Tensor.of(Shape.of(1), 2.0));
    session.run(graph.initializeAllVariables());
    Expr x = exponential(broadcastTo(rate, Shape.of(DRAWS)));
    Expr slope = gradient(reduceMean(x), rate);
    var both = session.run(List.of(reduceMean(x), slope));
    assertEquals(-both.get(0).doubleAt(0) / 2, both.get(1).doubleAt(0), 1e-12);
    Expr a = many(3);
    Expr mean = gradient(gamma(a), a);
    assertEquals(1, numbers(reduceMean(mean))[0], 0.02);
    Expr squares = gradient(square(gamma(a)), a);
    assertEquals(2 * 3 + 1, numbers(reduceMean(squares))[0], 0.3);
    MillraceException second =
        assertThrows(MillraceException.class, () -> gradient(reduceSum(gradient(gamma(a), a)), a));
    assertTrue(
        second.getMessage().startsWith("gamma: draws have derivatives of first order only: "));
  }

  @Test
  void aPermutationHasEachNumberOnceAndAllOrdersAlike() {
    double[] order = numbers(permutation(graph, Dim.of(1000)));
    assertTrue(IntStream.range(0, 1000).anyMatch(i -> order[i] != i));
    Arrays.sort(order);
    assertTrue(IntStream.range(0, 1000).allMatch(i -> order[i] == i));
    Expr rows = broadcastTo(iota(graph, FLOAT64, Dim.of(3)), Shape.of(3));
    Expr code = map(_ -> shuffled(rows), many(0));
    assertCounts(
        k -> k == 5 || k == 7 || k == 11 || k == 15 || k == 19 || k == 21 ? 1.0 / 6 : 0, code);
  }

  /** The order of three numbers as a number of its own. */
  private Expr shuffled(Expr rows) {
    Expr digits = graph.constant(Tensor.of(9.0, 3.0, 1.0));
    return reduceSum(shuffle(rows, 0).times(digits));
  }

  @Test
  void messagesNameTheRuleAndTheOperand() {
    Expr whole = graph.constant(Tensor.of(1, 2)).named("counts");
    String message = assertThrows(MillraceException.class, () -> poisson(whole)).getMessage();
    assertTrue(message.startsWith("poisson: "), message);
    assertTrue(message.contains("'counts' is INT32 [2]"), message);
    assertEquals(
        "uniformInt: needs low < high, less than 2^53 apart, found 3 and 3",
        assertThrows(MillraceException.class, () -> uniformInt(graph, Shape.of(2), 3, 3))
            .getMessage());
  }
}
