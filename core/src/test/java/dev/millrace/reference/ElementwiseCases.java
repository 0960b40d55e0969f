package dev.millrace.reference;

import static dev.millrace.Ops.*;

import dev.millrace.op.Expr;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Functions of single elements. */
final class ElementwiseCases {
  private ElementwiseCases() {}

  static void addTo(CaseTable table) {
    addArithmetic(table);
    addUnary(table);
    addRounding(table);
    addBinary(table);
  }

  private static void unary(CaseTable table, String op, UnaryOperator<Expr> function) {
    table.op(op, in -> function.apply(in.x()));
  }

  private static void binary(CaseTable table, String op, BinaryOperator<Expr> function) {
    table.op(op, in -> function.apply(in.a(), in.b()));
  }

  private static void addArithmetic(CaseTable table) {
    binary(table, "add", Expr::plus);
    binary(table, "sub", Expr::minus);
    binary(table, "div", Expr::dividedBy);
    table.op("mul", ElementwiseCases::product);
    table.op("pow", in -> in.has("a") ? in.a().pow(in.b()) : in.x().pow(in.number("exponent")));
    table.op("pow_int", in -> powInt(in.x(), (int) in.number("exponent")));
    table.op("pow_scalar", in -> in.x().pow(in.number("exponent")));
    table.op("cast", in -> cast(cast(in.x(), FLOAT32).times(2), in.dtype()));
    table.op("where", ElementwiseCases::choice);
    table.op("masked_fill", in -> maskedFill(in.x(), in.get("m"), in.number("value")));
  }

  /** One factor twice: with itself, or a second time with another factor. */
  private static Expr product(Operands in) {
    if (in.has("x")) {
      return in.x().times(in.x());
    }
    Expr product = in.a().times(in.b());
    return in.isSecond() ? in.a().times(product) : product;
  }

  private static Expr choice(Operands in) {
    if (in.has("c")) {
      return where(in.get("c"), in.a(), in.b());
    }
    Expr positive = in.x().greater(0);
    return select(positive, sqrt(select(positive, in.x(), 1)), 0);
  }

  private static void addUnary(CaseTable table) {
    unary(table, "abs", x -> abs(x));
    unary(table, "acos", x -> acos(x));
    unary(table, "acosh", x -> acosh(x));
    unary(table, "asin", x -> asin(x));
    unary(table, "asinh", x -> asinh(x));
    unary(table, "atan", x -> atan(x));
    unary(table, "atanh", x -> atanh(x));
    unary(table, "cos", x -> cos(x));
    unary(table, "cosh", x -> cosh(x));
    unary(table, "digamma", x -> digamma(x));
    unary(table, "erf", x -> erf(x));
    unary(table, "erfc", x -> erfc(x));
    unary(table, "exp", x -> exp(x));
    unary(table, "exp2", x -> exp2(x));
    unary(table, "expm1", x -> expm1(x));
    unary(table, "lgamma", x -> lgamma(x));
    unary(table, "log", x -> log(x));
    unary(table, "log10", x -> log10(x));
    unary(table, "log1p", x -> log1p(x));
    unary(table, "log2", x -> log2(x));
    unary(table, "neg", x -> negate(x));
    unary(table, "reciprocal", x -> reciprocal(x));
    unary(table, "rsqrt", x -> rsqrt(x));
    unary(table, "sin", x -> sin(x));
    unary(table, "sinh", x -> sinh(x));
    unary(table, "sqrt", x -> sqrt(x));
    unary(table, "square", x -> square(x));
    unary(table, "tan", x -> tan(x));
    unary(table, "tanh", x -> tanh(x));
  }

  private static void addRounding(CaseTable table) {
    unary(table, "ceil", x -> ceil(x));
    unary(table, "floor", x -> floor(x));
    unary(table, "round", x -> round(x));
    unary(table, "sign", x -> sign(x));
    table.op(
        "clip",
        in ->
            clip(
                in.x(),
                in.number("min", Double.NEGATIVE_INFINITY),
                in.number("max", Double.POSITIVE_INFINITY)));
  }

  private static void addBinary(CaseTable table) {
    binary(table, "atan2", (a, b) -> atan2(a, b));
    binary(table, "hypot", (a, b) -> hypot(a, b));
    binary(table, "logaddexp", (a, b) -> logAddExp(a, b));
    binary(table, "maximum", (a, b) -> maximum(a, b));
    binary(table, "minimum", (a, b) -> minimum(a, b));
    binary(table, "remainder", (a, b) -> remainder(a, b));
    binary(table, "squared_difference", (a, b) -> squaredDifference(a, b));
    binary(table, "xlogy", (a, b) -> xlogy(a, b));
    table.op("lerp", in -> lerp(in.a(), in.b(), in.get("w")));
  }
}
