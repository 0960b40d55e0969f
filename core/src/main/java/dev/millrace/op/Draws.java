package dev.millrace.op;

import dev.millrace.kernel.CountDraws;
import dev.millrace.kernel.GammaDraws;
import dev.millrace.kernel.PhiloxStream;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Unification;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Draws by rejection, each element of parameters of its own. The last operand is the number of the
 * run; the same element of the same run is the same whoever computes it.
 */
final class Draws {
  /** Elements that one task draws. */
  private static final int CHUNK = 256;

  private Draws() {}

  private static void checkParameters(String op, List<Expr> operands) {
    for (Expr parameter : operands.subList(0, operands.size() - 1)) {
      if (!parameter.dtype().isFloating()) {
        throw new DTypeException(
            op
                + ": parameters must be float32 or float64: "
                + Messages.describe(parameter)
                + "; convert it with cast(x, FLOAT32)");
      }
    }
  }

  /** Work on one element. */
  @FunctionalInterface
  private interface One {
    void draw(int element, PhiloxStream random);
  }

  private static void run(Routine.Threads threads, int size, long key, Object run, One one) {
    long number = ((long[]) run)[0];
    threads.run(
        (size + CHUNK - 1) / CHUNK,
        chunk -> {
          int end = Math.min(size, (chunk + 1) * CHUNK);
          for (int i = chunk * CHUNK; i < end; i++) {
            one.draw(i, new PhiloxStream(key, number, i));
          }
        });
  }

  private static int size(int[] shape) {
    int size = 1;
    for (int dim : shape) {
      size *= dim;
    }
    return size;
  }

  private static double get(Object array, int i) {
    return array instanceof float[] floats ? floats[i] : ((double[]) array)[i];
  }

  private static void set(Object array, int i, double value) {
    if (array instanceof float[] floats) {
      floats[i] = (float) value;
    } else if (array != null) {
      ((double[]) array)[i] = value;
    }
  }

  /**
   * Parts: draws of the gamma distribution for the shapes that are operand 0, and their slopes by
   * those shapes. {@code da = dx * slope}.
   */
  record Gamma(long key) implements LibraryOp {
    @Override
    public String name() {
      return "gamma";
    }

    @Override
    public int parts() {
      return 2;
    }

    @Override
    public void check(List<Expr> operands, Unification dims) {
      checkParameters("gamma", operands);
    }

    @Override
    public Routine routine(List<Type> operands) {
      return (threads, in, parts, shapes) ->
          Draws.run(
              threads,
              size(shapes[0]),
              key,
              in[1],
              (i, random) -> {
                double a = get(in[0], i);
                double x = GammaDraws.draw(a, random);
                set(parts[0], i, x);
                if (parts[1] != null) {
                  set(parts[1], i, GammaDraws.slope(a, x));
                }
              });
    }

    @Override
    public List<Optional<Expr>> pullBack(Flow flow) {
      if (flow.cotangents().get(1).isPresent()) {
        throw new MillraceException(
            "gamma: draws have derivatives of first order only: "
                + Messages.describe(flow.operand(0)));
      }
      return List.of(Optional.of(flow.cotangent(0).times(flow.part(1))), Optional.empty());
    }
  }

  /** Draws of whole numbers, which depend on no parameter smoothly. */
  interface Count extends LibraryOp {
    @Override
    default boolean isDifferentiable() {
      return false;
    }

    @Override
    default void check(List<Expr> operands, Unification dims) {
      checkParameters(name(), operands);
    }

    @Override
    default List<Optional<Expr>> pullBack(Flow flow) {
      return Collections.nCopies(flow.operands().size(), Optional.empty());
    }
  }

  /** Draws of the Poisson distribution for the means that are operand 0. */
  record Poisson(long key) implements Count {
    @Override
    public String name() {
      return "poisson";
    }

    @Override
    public Routine routine(List<Type> operands) {
      return (threads, in, parts, shapes) ->
          Draws.run(
              threads,
              size(shapes[0]),
              key,
              in[1],
              (i, random) -> set(parts[0], i, CountDraws.poisson(get(in[0], i), random)));
    }
  }

  /** Draws of the binomial distribution: operand 0 has the trials, operand 1 the probabilities. */
  record Binomial(long key) implements Count {
    @Override
    public String name() {
      return "binomial";
    }

    @Override
    public Routine routine(List<Type> operands) {
      return (threads, in, parts, shapes) ->
          Draws.run(
              threads,
              size(shapes[0]),
              key,
              in[2],
              (i, random) -> {
                double trials = get(in[0], i);
                set(parts[0], i, CountDraws.binomial(trials, get(in[1], i), random));
              });
    }
  }
}
