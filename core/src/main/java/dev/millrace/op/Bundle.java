package dev.millrace.op;

import java.util.List;
import java.util.Optional;

/**
 * An op with several results, its parts. The value of its equation stands for all of them and has
 * no elements; {@link Part} takes one part out. Parts that nobody asks for need not be computed.
 */
public interface Bundle extends Op {
  /** Number of parts. */
  int parts();

  /** Type of part {@code number} for these operands. */
  Type part(int number, List<Expr> operands);

  /**
   * Vector-Jacobian products: for each operand its cotangent, empty where no part depends on it
   * smoothly or where it isn't wanted.
   */
  List<Optional<Expr>> pullBack(Flow flow);

  /**
   * Jacobian-vector products: for each part its tangent, empty where that is 0. An empty list means
   * that it follows from {@link #pullBack}.
   *
   * @param tangents of the operands; empty where 0
   */
  default List<Optional<Expr>> pushForward(Expr bundle, List<Optional<Expr>> tangents) {
    return List.of();
  }

  @Override
  default Optional<Expr> vjp(int operand, Call call) {
    throw new IllegalStateException(
        name() + ": the derivatives of a bundle are those of its parts");
  }

  /** The value of part {@code number} of {@code bundle}, which this op computes. */
  default Expr take(Expr bundle, int number) {
    return bundle.recorder().apply(new Part(this, number), List.of(bundle));
  }

  /**
   * One application of a bundle while it is differentiated.
   *
   * @param bundle its value
   * @param cotangents for each part; empty where that does not matter
   * @param wanted for each operand whether its cotangent is asked for
   */
  record Flow(
      List<Expr> operands, Expr bundle, List<Optional<Expr>> cotangents, List<Boolean> wanted) {
    /** Operand number {@code number}. */
    public Expr operand(int number) {
      return operands.get(number);
    }

    /** Part {@code number}. */
    public Expr part(int number) {
      return ((Bundle) bundle.op().orElseThrow()).take(bundle, number);
    }

    /** The cotangent of part {@code number}; zeros where it does not matter. */
    public Expr cotangent(int number) {
      return cotangents.get(number).orElseGet(() -> zerosLike(part(number)));
    }

    /** Zeros of the type of {@code x}. */
    public static Expr zerosLike(Expr x) {
      return ElementwiseFunctions.like(x, 0).broadcastTo(x.shape());
    }
  }
}
