package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Functions that work element by element; operands are broadcast against one another. */
public class ElementwiseFunctions extends MovementFunctions {
  ElementwiseFunctions() {}

  /** {@code a + b}; numbers of one type. */
  public static Expr add(Expr a, Expr b) {
    return apply(Elementwise.ADD, a, b);
  }

  /** {@code a - b}; numbers of one type. */
  public static Expr subtract(Expr a, Expr b) {
    return apply(Elementwise.SUB, a, b);
  }

  /** {@code a * b}; numbers of one type. */
  public static Expr multiply(Expr a, Expr b) {
    return apply(Elementwise.MUL, a, b);
  }

  /** {@code a / b}; integers truncate and end the run with an error on 0. */
  public static Expr divide(Expr a, Expr b) {
    return apply(Elementwise.DIV, a, b);
  }

  /** {@code a - b * floor(a / b)}, with the sign of b. */
  public static Expr modulo(Expr a, Expr b) {
    return apply(Elementwise.MOD, a, b);
  }

  /** {@code a} to the power of {@code b}; floating point. */
  public static Expr pow(Expr a, Expr b) {
    return apply(Elementwise.POW, a, b);
  }

  /** The greater; NaN if one is NaN. */
  public static Expr maximum(Expr a, Expr b) {
    return apply(Elementwise.MAX, a, b);
  }

  /** The smaller; NaN if one is NaN. */
  public static Expr minimum(Expr a, Expr b) {
    return apply(Elementwise.MIN, a, b);
  }

  /** {@code -x}. */
  public static Expr negate(Expr x) {
    return apply(Elementwise.NEG, x);
  }

  /** {@code |x|}. */
  public static Expr abs(Expr x) {
    return apply(Elementwise.ABSOLUTE, x);
  }

  /** -1, 0 or 1. */
  public static Expr sign(Expr x) {
    return apply(Elementwise.SIGNUM, x);
  }

  /** {@code x * x}. */
  public static Expr square(Expr x) {
    return x.square();
  }

  /** {@code e^x}; floating point, at most 1.5 ulp off in float32. */
  public static Expr exp(Expr x) {
    return apply(Elementwise.EXPONENTIAL, x);
  }

  /** {@code e^x - 1}, accurate near 0. */
  public static Expr expm1(Expr x) {
    return apply(Elementwise.EXPONENTIAL_M1, x);
  }

  /**
   * Natural logarithm. Of a softmax, a logistic function or {@code 1 + exp(x)} it is computed in
   * the stable form, without the intermediate that would round to 0 or overflow.
   */
  public static Expr log(Expr x) {
    return apply(Elementwise.LOGARITHM, x);
  }

  /** {@code log(1 + x)}, accurate near 0. */
  public static Expr log1p(Expr x) {
    return apply(Elementwise.LOGARITHM_1P, x);
  }

  /** {@code x log y}, and 0 where x is 0. */
  public static Expr xlogy(Expr x, Expr y) {
    return apply(Elementwise.XLOGY, x, y);
  }

  /** Square root. */
  public static Expr sqrt(Expr x) {
    return apply(Elementwise.SQUARE_ROOT, x);
  }

  /** Sine of radians. */
  public static Expr sin(Expr x) {
    return apply(Elementwise.SINE, x);
  }

  /** Cosine of radians. */
  public static Expr cos(Expr x) {
    return apply(Elementwise.COSINE, x);
  }

  /** Hyperbolic tangent. */
  public static Expr tanh(Expr x) {
    return apply(Elementwise.TANGENS_HYPERBOLICUS, x);
  }

  /** Error function. */
  public static Expr erf(Expr x) {
    return apply(Elementwise.ERROR_FUNCTION, x);
  }

  /** Inverse of the standard normal distribution function, from (0, 1) to the reals. */
  public static Expr ndtri(Expr x) {
    return apply(Elementwise.NORMAL_QUANTILE, x);
  }

  /** Logistic function {@code 1 / (1 + exp(-x))}, often called sigmoid. */
  public static Expr logistic(Expr x) {
    return apply(Elementwise.LOGISTIC, x);
  }

  /** {@code log(1 + exp(x))}, stable for any x. */
  public static Expr softplus(Expr x) {
    return apply(Elementwise.SOFTPLUS, x);
  }

  /** {@code max(x, 0)}. */
  public static Expr relu(Expr x) {
    return apply(Elementwise.RELU, x);
  }

  /** Greatest integer not above. */
  public static Expr floor(Expr x) {
    return apply(Elementwise.FLOOR, x);
  }

  /** Smallest integer not below. */
  public static Expr ceil(Expr x) {
    return apply(Elementwise.CEIL, x);
  }

  /** Nearest integer, ties to even. */
  public static Expr round(Expr x) {
    return apply(Elementwise.ROUND, x);
  }

  /** {@code a == b} as bool; NaN equals nothing. */
  public static Expr equal(Expr a, Expr b) {
    return apply(Elementwise.EQUAL, a, b);
  }

  /** {@code a != b} as bool. */
  public static Expr notEqual(Expr a, Expr b) {
    return apply(Elementwise.NOT_EQUAL, a, b);
  }

  /** {@code a < b} as bool. */
  public static Expr less(Expr a, Expr b) {
    return apply(Elementwise.LESS, a, b);
  }

  /** {@code a <= b} as bool. */
  public static Expr lessEqual(Expr a, Expr b) {
    return apply(Elementwise.LESS_EQUAL, a, b);
  }

  /** {@code a > b} as bool. */
  public static Expr greater(Expr a, Expr b) {
    return apply(Elementwise.GREATER, a, b);
  }

  /** {@code a >= b} as bool. */
  public static Expr greaterEqual(Expr a, Expr b) {
    return apply(Elementwise.GREATER_EQUAL, a, b);
  }

  /** Both; bool operands. */
  public static Expr and(Expr a, Expr b) {
    return apply(Elementwise.AND, a, b);
  }

  /** At least one; bool operands. */
  public static Expr or(Expr a, Expr b) {
    return apply(Elementwise.OR, a, b);
  }

  /** Exactly one of them; bool operands. */
  public static Expr xor(Expr a, Expr b) {
    return apply(Elementwise.XOR, a, b);
  }

  /** The opposite of a bool operand. */
  public static Expr not(Expr x) {
    return apply(Elementwise.NOT, x);
  }

  /** {@code condition ? a : b}, element by element. */
  public static Expr select(Expr condition, Expr a, Expr b) {
    Broadcast.checkOneType("select", List.of(a, b));
    return apply(new Select(), List.of(condition, a, b));
  }

  /** {@code condition ? a : b} with a number for b. */
  public static Expr select(Expr condition, Expr a, double b) {
    return select(condition, a, like(a, b));
  }

  /** {@code condition ? a : b} with a number for a. */
  public static Expr select(Expr condition, double a, Expr b) {
    return select(condition, like(b, a), b);
  }

  /** {@link #select(Expr, Expr, Expr)}, as NumPy and TensorFlow call it. */
  public static Expr where(Expr condition, Expr a, Expr b) {
    return select(condition, a, b);
  }

  /** {@code x} with {@code value} wherever the bool {@code mask} is true. */
  public static Expr maskedFill(Expr x, Expr mask, double value) {
    return select(mask, value, x);
  }

  /** Conversion to {@code dtype} as Java's casts do it; bool from numbers is {@code x != 0}. */
  public static Expr cast(Expr x, DType dtype) {
    return x.dtype() == dtype ? x : x.recorder().apply(new Cast(dtype), List.of(x));
  }

  /** {@code x}, taken as a constant by derivatives. */
  public static Expr stopGradient(Expr x) {
    return x.recorder().apply(new Views.StopGradient(), List.of(x));
  }

  /** Checks that a function that takes floating-point numbers gets them. */
  static void checkFloating(String op, Expr x) {
    if (!x.dtype().isFloating()) {
      throw new DTypeException(
          op
              + ": takes floating point: "
              + Messages.describe(x)
              + "; convert it with cast(x, FLOAT32)");
    }
  }

  /** {@code number} as a scalar of the type of {@code x}. */
  static Expr like(Expr x, double number) {
    if (!x.dtype().represents(number)) {
      throw new DTypeException(
          "constant: "
              + number
              + " is no "
              + x.dtype()
              + ": "
              + Messages.describe(x)
              + "; convert it with cast(x, FLOAT32) first");
    }
    return x.recorder().constant(Tensor.filled(x.dtype(), Shape.SCALAR, number));
  }

  /** {@code op} of operands of one type, broadcast against one another. */
  static Expr apply(Elementwise op, Expr... operands) {
    List<Expr> all = List.of(operands);
    if (all.size() == 1) {
      return all.getFirst().recorder().apply(op, all);
    }
    Broadcast.checkOneType(op.name(), all);
    return apply(op, all);
  }

  /** {@code op} of the operands, broadcast against one another. */
  private static Expr apply(Op op, List<Expr> operands) {
    Recorder recorder = operands.getFirst().recorder();
    return recorder.atomically(() -> recorder.apply(op, broadcast(op.name(), operands)));
  }

  /** The operands repeated to the shape that they have in common. */
  static List<Expr> broadcast(String op, List<Expr> operands) {
    Shape shape = operands.getFirst().recorder().commonShape(op, operands, 0);
    var all = new ArrayList<Expr>();
    for (Expr operand : operands) {
      all.add(operand.shape().equals(shape) ? operand : operand.broadcastTo(shape));
    }
    return all;
  }
}
