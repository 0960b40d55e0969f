package dev.millrace;

import dev.millrace.data.LabelEncoding;
import dev.millrace.flow.Jacobians;
import dev.millrace.flow.RecurrentFunctions;
import dev.millrace.grad.Gradients;
import dev.millrace.grad.Tangents;
import dev.millrace.op.Expr;
import dev.millrace.op.Padding;
import dev.millrace.op.Reduction;
import dev.millrace.session.Feeds;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;

/**
 * Everything that a program says often, for {@code import static dev.millrace.Ops.*}: all functions
 * on symbolic values (they are inherited, family by family), the element types, feeds and
 * gradients.
 */
public final class Ops extends RecurrentFunctions {
  /** A dim of any size, as in {@code Shape.of(ANY, 784)}. */
  public static final long ANY = Shape.ANY;

  /** Single precision. */
  public static final DType FLOAT32 = DType.FLOAT32;

  /** Double precision. */
  public static final DType FLOAT64 = DType.FLOAT64;

  /** 32-bit integers. */
  public static final DType INT32 = DType.INT32;

  /** 64-bit integers. */
  public static final DType INT64 = DType.INT64;

  /** Integers from 0 to 255. */
  public static final DType UINT8 = DType.UINT8;

  /** See {@link DType#FLOAT16}. */
  public static final DType FLOAT16 = DType.FLOAT16;

  /** See {@link DType#BFLOAT16}. */
  public static final DType BFLOAT16 = DType.BFLOAT16;

  /** See {@link DType#INT8}. */
  public static final DType INT8 = DType.INT8;

  /** See {@link DType#INT16}. */
  public static final DType INT16 = DType.INT16;

  /** See {@link DType#UINT16}. */
  public static final DType UINT16 = DType.UINT16;

  /** See {@link DType#UINT32}. */
  public static final DType UINT32 = DType.UINT32;

  /** See {@link DType#UINT64}. */
  public static final DType UINT64 = DType.UINT64;

  /** Truth values. */
  public static final DType BOOL = DType.BOOL;

  /** Padding that keeps {@code ceil(size / stride)} places. */
  public static final Padding SAME = Padding.SAME;

  /** No padding. */
  public static final Padding VALID = Padding.VALID;

  /** Labels as rows with a 1 at the class. */
  public static final LabelEncoding ONE_HOT = LabelEncoding.ONE_HOT;

  /** Labels as numbers of classes. */
  public static final LabelEncoding CLASSES = LabelEncoding.CLASSES;

  /** Losses as they are. */
  public static final Reduction NONE = Reduction.NONE;

  /** The mean of losses. */
  public static final Reduction MEAN = Reduction.MEAN;

  /** The sum of losses. */
  public static final Reduction SUM = Reduction.SUM;

  private Ops() {}

  /** A feed of one placeholder. */
  public static Feeds feed(Expr placeholder, Tensor tensor) {
    return Feeds.of(placeholder, tensor);
  }

  /** Feeds of two placeholders. */
  public static Feeds feed(Expr first, Tensor firstTensor, Expr second, Tensor secondTensor) {
    return Feeds.of(first, firstTensor).and(second, secondTensor);
  }

  /** Feeds of three placeholders; {@link Feeds#and} adds more. */
  public static Feeds feed(
      Expr first,
      Tensor firstTensor,
      Expr second,
      Tensor secondTensor,
      Expr third,
      Tensor thirdTensor) {
    return feed(first, firstTensor, second, secondTensor).and(third, thirdTensor);
  }

  /**
   * The derivatives of the sum of {@code y} with respect to each of {@code xs}, as expressions of
   * their shapes; they can be differentiated again.
   *
   * @throws dev.millrace.tensor.MillraceException if y does not depend on an x, or not smoothly
   */
  public static List<Expr> gradients(Expr y, List<? extends Expr> xs) {
    return Gradients.of(y, xs);
  }

  /** The derivative of the sum of {@code y} with respect to {@code x}. */
  public static Expr gradient(Expr y, Expr x) {
    return Gradients.of(y, List.of(x)).getFirst();
  }

  /**
   * Vector-Jacobian product: the derivatives of the sum of {@code y * cotangent}.
   *
   * @throws dev.millrace.tensor.MillraceException if y does not depend on an x, or not smoothly
   */
  public static List<Expr> vjp(Expr y, List<? extends Expr> xs, Expr cotangent) {
    return Gradients.vjp(y, xs, cotangent);
  }

  /**
   * Jacobian-vector product: how {@code y} changes if each of {@code xs} changes by its tangent, in
   * forward mode.
   *
   * @throws dev.millrace.tensor.MillraceException if y does not depend on any x smoothly
   */
  public static Expr jvp(Expr y, List<? extends Expr> xs, List<? extends Expr> tangents) {
    return Tangents.of(y, xs, tangents);
  }

  /** {@link #jvp(Expr, List, List)} for one x. */
  public static Expr jvp(Expr y, Expr x, Expr tangent) {
    return Tangents.of(y, List.of(x), List.of(tangent));
  }

  /**
   * The derivative of each element of {@code y} by each element of {@code x}, {@code [y..., x...]};
   * in reverse or forward mode, whichever takes fewer products.
   *
   * @throws dev.millrace.tensor.MillraceException if y does not depend on x, or not smoothly
   */
  public static Expr jacobian(Expr y, Expr x) {
    return Jacobians.jacobian(y, x);
  }

  /**
   * The second derivatives of the scalar {@code y}, {@code [x..., x...]}.
   *
   * @throws dev.millrace.tensor.MillraceException if y is no scalar, or does not depend on x
   */
  public static Expr hessian(Expr y, Expr x) {
    return Jacobians.hessian(y, x);
  }

  /**
   * Hessian-vector products: how the gradient of {@code y} changes if each of {@code xs} changes by
   * its {@code vs}.
   *
   * @throws dev.millrace.tensor.MillraceException if y does not depend on an x, or not smoothly
   */
  public static List<Expr> hvp(Expr y, List<? extends Expr> xs, List<? extends Expr> vs) {
    return Jacobians.hvp(y, xs, vs);
  }
}
