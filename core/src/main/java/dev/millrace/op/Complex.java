package dev.millrace.op;

import java.util.function.UnaryOperator;

/**
 * Complex numbers as two real tensors of one type and shape (or shapes that broadcast).
 *
 * @param real real part
 * @param imaginary imaginary part
 */
public record Complex(Expr real, Expr imaginary) {
  /** Real numbers as complex ones. */
  public static Complex of(Expr real) {
    return new Complex(real, Bundle.Flow.zerosLike(real));
  }

  /** {@code radius * e^(i angle)}. */
  public static Complex polar(Expr radius, Expr angle) {
    return new Complex(radius.times(angle.cos()), radius.times(angle.sin()));
  }

  /** {@code this + other}. */
  public Complex plus(Complex other) {
    return new Complex(real.plus(other.real), imaginary.plus(other.imaginary));
  }

  /** {@code this - other}. */
  public Complex minus(Complex other) {
    return new Complex(real.minus(other.real), imaginary.minus(other.imaginary));
  }

  /** {@code this * other}. */
  public Complex times(Complex other) {
    return new Complex(
        real.times(other.real).minus(imaginary.times(other.imaginary)),
        real.times(other.imaginary).plus(imaginary.times(other.real)));
  }

  /** {@code this * factor} of real factors. */
  public Complex times(Expr factor) {
    return new Complex(real.times(factor), imaginary.times(factor));
  }

  /** {@code this * factor}. */
  public Complex times(double factor) {
    return new Complex(real.times(factor), imaginary.times(factor));
  }

  /** {@code this / other}. */
  public Complex dividedBy(Complex other) {
    Complex product = times(other.conj());
    Expr squares = other.squaredAbs();
    return new Complex(product.real.dividedBy(squares), product.imaginary.dividedBy(squares));
  }

  /** {@code -this}. */
  public Complex negate() {
    return new Complex(real.negate(), imaginary.negate());
  }

  /** The same real part, the opposite imaginary part. */
  public Complex conj() {
    return new Complex(real, imaginary.negate());
  }

  /** The distance from 0, without overflow on the way. */
  public Expr abs() {
    return MathFunctions.hypot(real, imaginary);
  }

  /** The square of the distance from 0. */
  public Expr squaredAbs() {
    return real.square().plus(imaginary.square());
  }

  /** The angle from the positive real axis, in [-pi, pi]. */
  public Expr angle() {
    return MathFunctions.atan2(imaginary, real);
  }

  /** {@code e^this}. */
  public Complex exp() {
    return polar(real.exp(), imaginary);
  }

  /** Both parts moved in the same way, as in {@code x.each(part -> part.reshape(-1))}. */
  public Complex each(UnaryOperator<Expr> movement) {
    return new Complex(movement.apply(real), movement.apply(imaginary));
  }
}
