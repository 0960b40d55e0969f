package dev.millrace.op;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Functions that change what is known of a value: its derivative, or what a run makes of it. */
public class CheckFunctions extends ImageFunctions {
  /** For the class that gathers all functions. */
  protected CheckFunctions() {}

  /** The derivative of a function that a user gives. */
  @FunctionalInterface
  public interface Derivative {
    /**
     * What flows back to each of {@code xs} if {@code dy} flows into {@code y}, linear in dy; with
     * the types of the xs.
     */
    List<Expr> of(List<Expr> xs, Expr y, Expr dy);
  }

  /** The derivative of a function of one value. */
  @FunctionalInterface
  public interface UnaryDerivative {
    /** What flows back to {@code x} if {@code dy} flows into {@code y}, linear in dy. */
    Expr of(Expr x, Expr y, Expr dy);
  }

  /**
   * {@code function} of xs, with a derivative of one's own: in reverse mode, and transposed in
   * forward mode. Nothing flows to other values that the function uses.
   */
  public static Expr customGradient(
      Function<List<Expr>, Expr> function, Derivative derivative, List<? extends Expr> xs) {
    List<Expr> inputs = List.copyOf(xs);
    inputs.forEach(x -> checkFloating("customGradient", x));
    Expr y = function.apply(inputs);
    var operands = new ArrayList<Expr>(List.of(y));
    operands.addAll(inputs);
    return y.recorder().apply(new CustomGradient(derivative::of), operands);
  }

  /** {@link #customGradient(Function, Derivative, List)} of one x. */
  public static Expr customGradient(
      UnaryOperator<Expr> function, UnaryDerivative derivative, Expr x) {
    return customGradient(
        xs -> function.apply(xs.getFirst()),
        (xs, y, dy) -> List.of(derivative.of(xs.getFirst(), y, dy)),
        List.of(x));
  }

  /**
   * x, if no element is NaN or infinite; otherwise the run ends with an error that begins with
   * {@code message} and tells the first such element.
   */
  public static Expr checkNumerics(Expr x, String message) {
    return new Checks.CheckNumerics(message).part(0, x);
  }

  /**
   * x, if all elements of {@code condition} are true; otherwise the run ends with an error that
   * says {@code message}. Only what depends on the returned value is guarded by it.
   */
  public static Expr assertThat(Expr condition, Expr x, String message) {
    Expr all = condition.shape().rank() == 0 ? condition : reduceAll(condition);
    return new Checks.Assertion(message).part(0, x, all);
  }

  /** x, which is printed on standard output behind {@code message} each time it is computed. */
  public static Expr print(Expr x, String message) {
    return new Checks.Print(message, x.recorder().nextSeed()).part(0, x);
  }
}
