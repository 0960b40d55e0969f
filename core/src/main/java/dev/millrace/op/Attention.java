package dev.millrace.op;

import dev.millrace.tensor.MillraceException;
import java.util.Optional;

/**
 * How queries attend to keys.
 *
 * @param mask which keys a query sees, broadcast against {@code [..., heads, queries, keys]}: bool,
 *     true where it sees the key, or numbers that are added to the scores
 * @param causal whether query i sees keys 0 to i only
 * @param scale of the scores; {@code 1 / sqrt(size of a key)} if absent
 * @param dropout share of the weights that is set to 0, drawn anew in each run
 */
public record Attention(
    Optional<Expr> mask, boolean causal, Optional<Double> scale, double dropout) {
  /** Each query sees all keys. */
  public static final Attention FULL = new Attention(Optional.empty(), false, Optional.empty(), 0);

  /** Query i sees keys 0 to i. */
  public static final Attention CAUSAL = new Attention(Optional.empty(), true, Optional.empty(), 0);

  /**
   * Checks the numbers.
   *
   * @throws MillraceException if the rate is not in [0, 1)
   */
  public Attention {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new MillraceException(
          "attention: the rate of dropout must be in [0, 1), found " + dropout);
    }
  }

  /** With this mask. */
  public Attention mask(Expr seen) {
    return new Attention(Optional.of(seen), causal, scale, dropout);
  }

  /** With scores multiplied by {@code factor}. */
  public Attention scale(double factor) {
    return new Attention(mask, causal, Optional.of(factor), dropout);
  }

  /** With a share of {@code rate} of the weights set to 0 and the others scaled up. */
  public Attention dropout(double rate) {
    return new Attention(mask, causal, scale, rate);
  }
}
