package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.tensor.Dim;
import java.util.List;
import java.util.Optional;

/**
 * What the elements of an op's result are: one of a few closed forms, from which the compiler makes
 * loops. A coordinate is an {@link Index} whose variable {@code i} is axis {@code i} of the result.
 */
public sealed interface Definition {
  /** {@code result[i] = operand[map(i)]}: no work, only another way to look at the operand. */
  record View(List<Index> map) implements Definition {
    public View {
      map = List.copyOf(map);
    }
  }

  /**
   * {@code result[i] = body(operand0[i], operand1[i], ...)}; all operands have the result's shape.
   */
  record Pointwise(Body body) implements Definition {
    /** Emits one element from the elements of the operands. */
    @FunctionalInterface
    public interface Body {
      /** The variable that holds the result's element. */
      int emit(Scalars scalars, int[] operands);
    }
  }

  /** Folds the operand along {@code axes} (ascending); they are gone from the result. */
  record Reduction(Combiner combiner, List<Integer> axes) implements Definition {}

  /**
   * {@code result[i...] = sum over j below inner of operand0[left(i, j)] * operand1[right(i, j)]},
   * in an order of j that the compiler chooses. Variable {@code rank + b} is the inner axis b, with
   * the result's rank. The result's last axis is the last one of operand 1, and operand 0 does not
   * depend on it.
   */
  record Contraction(List<Dim> inner, List<Index> left, List<Index> right) implements Definition {
    public Contraction {
      inner = List.copyOf(inner);
      left = List.copyOf(left);
      right = List.copyOf(right);
    }
  }

  /** The operand's elements in row-major order under another shape. */
  record Reinterpretation() implements Definition {}

  /**
   * {@code fill} everywhere, then operand {@code p} written at {@code places.get(p)}, whose
   * variable {@code i} is axis {@code i} of that operand.
   *
   * @param covers whether the operands cover the result, so that nothing has to be filled
   */
  record Assembly(double fill, boolean covers, List<List<Index>> places) implements Definition {}

  /** {@code result[i] = operand0[source(i)]}, with one coordinate for each axis of operand 0. */
  record Lookup(List<Coordinate> source) implements Definition {
    public Lookup {
      source = List.copyOf(source);
    }
  }

  /**
   * Operand 0, into which the last operand is put element by element in row-major order: {@code
   * result[target(i)] = combiner(result[target(i)], last[i])}, or just {@code last[i]} without a
   * combiner. One coordinate for each axis of the result; the variables are the axes of the last
   * operand.
   */
  record Accumulation(Optional<Combiner> combiner, List<Coordinate> target) implements Definition {
    public Accumulation {
      target = List.copyOf(target);
    }
  }

  /** A position of an axis: {@code base}, plus what an index operand says if there is one. */
  record Coordinate(Index base, Optional<Looked> looked) {
    /** A position that follows from the coordinates alone. */
    public static Coordinate of(Index base) {
      return new Coordinate(base, Optional.empty());
    }

    /** A position that is an element of an index operand. */
    public static Coordinate of(Looked looked) {
      return new Coordinate(Index.ZERO, Optional.of(looked));
    }
  }

  /**
   * The element at {@code at} of operand number {@code operand}, an index in {@code [-extent,
   * extent)} that counts from the end where negative; outside of that the run ends with an error.
   */
  record Looked(int operand, List<Index> at, Dim extent) {
    public Looked {
      at = List.copyOf(at);
    }
  }

  /**
   * A value carried along {@code axis}: {@code carry = body(carry, operand0[i], operand1[i], ...)}
   * from {@code initial} on; all operands have the result's shape.
   *
   * @param exclusive element i is the carry before step i instead of the one after it
   * @param reverse steps go from the end to the start
   */
  record Scan(int axis, boolean exclusive, boolean reverse, double initial, Pointwise.Body body)
      implements Definition {}

  /**
   * The positions along the operand's last axis (int64) in the order of their elements: equal ones
   * in the order of their positions, NaN above everything, -0 and +0 equal.
   *
   * @param descending greatest first
   */
  record Ordering(boolean descending) implements Definition {}

  /** Several results, by one of a few forms of work that are no loops of the kernel language. */
  sealed interface Bundled extends Definition {}

  /** What {@code code} computes from whole operands. */
  record Library(Routine code) implements Bundled {}

  /**
   * A loop. Each iteration computes the next states and a slice of each output from the states, the
   * number of the iteration and slices of the elements.
   *
   * <p>Operands are: the number of iterations as an int64 scalar if {@code counted}, the first
   * states, the elements, the captures. Parameters of {@code body} are: the int64 number of the
   * iteration, states, elements. Its results are: next states, outputs. Parts are: last states,
   * outputs, for each state a stack of what it was at the start of each iteration, and the int64
   * number of iterations. Slices are along axis 0; slices of outputs and stacks of iterations that
   * did not take place are 0.
   *
   * @param condition whether there is another iteration, a bool scalar of the same parameters; no
   *     results where the number is known
   * @param length the number of iterations, or the most that there may be; empty: unlimited
   * @param backward whether iterations go from the last one to the first one
   */
  record Iteration(
      Region body,
      Region condition,
      int states,
      int elements,
      boolean counted,
      Optional<Dim> length,
      boolean backward)
      implements Bundled {}

  /**
   * The results of one of {@code branches}: of the first if operand 0, a bool scalar, is true. The
   * captures of the first branch follow, then those of the second. With one branch only there is no
   * such operand.
   */
  record Choice(List<Region> branches) implements Bundled {}

  /** Part {@code number} of the bundle that is the operand. */
  record Part(int number) implements Definition {}
}
