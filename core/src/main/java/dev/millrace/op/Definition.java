package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.tensor.Dim;
import java.util.List;

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

  /**
   * {@code result[a..., j..., b...] = operand0[a..., operand1[j...], b...]}, with {@code axis} dims
   * before the index.
   */
  record Lookup(int axis) implements Definition {}

  /**
   * Zeros, to which {@code result[a..., operand0[j...], b...] += operand1[a..., j..., b...]} adds
   * in the order of j, with {@code axis} dims before the index.
   */
  record Accumulation(int axis) implements Definition {}
}
