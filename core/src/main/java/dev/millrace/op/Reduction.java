package dev.millrace.op;

import java.util.Optional;

/**
 * What becomes of the losses of single elements or examples: they are kept, averaged or added, each
 * times its weight.
 *
 * @param weights factors of the losses, broadcast to their shape; none counts as 1 for each
 */
public record Reduction(Kind kind, Optional<Expr> weights) {
  /** How losses become one number, or do not. */
  public enum Kind {
    /** They stay as they are. */
    NONE,
    /** Their sum by the sum of their weights. */
    MEAN,
    /** Their sum. */
    SUM
  }

  /** Losses as they are. */
  public static final Reduction NONE = new Reduction(Kind.NONE, Optional.empty());

  /** The mean of the losses. */
  public static final Reduction MEAN = new Reduction(Kind.MEAN, Optional.empty());

  /** The sum of the losses. */
  public static final Reduction SUM = new Reduction(Kind.SUM, Optional.empty());

  /**
   * The same with weights. A mean is then {@code sum(weights * losses) / sum(weights)}, and 0 where
   * all weights are; for a mean by the number of losses, take the mean of the products that {@link
   * #NONE} gives.
   */
  public Reduction weighted(Expr weights) {
    return new Reduction(kind, Optional.of(weights));
  }

  /** The losses of {@code op}, reduced. */
  Expr of(String op, Expr losses) {
    return of(op, losses, Optional.empty());
  }

  /**
   * The losses of {@code op}, reduced.
   *
   * @param counts how much each loss counts in a mean, if not 1; the losses contain that factor
   */
  Expr of(String op, Expr losses, Optional<Expr> counts) {
    Expr factored = weights.map(losses::times).orElse(losses);
    if (weights.isPresent() && !factored.shape().equals(losses.shape())) {
      throw new dev.millrace.tensor.ShapeException(
          op
              + ": weights must be repeatable to the shape of the losses, "
              + losses.shape()
              + ": "
              + Messages.describe(weights.get()));
    }
    return switch (kind) {
      case NONE -> factored;
      case SUM -> factored.sum();
      case MEAN -> {
        Optional<Expr> shares =
            counts.map(count -> weights.map(count::times).orElse(count)).or(() -> weights);
        yield shares.map(share -> mean(factored, share)).orElseGet(factored::mean);
      }
    };
  }

  private static Expr mean(Expr losses, Expr shares) {
    Expr total = shares.broadcastTo(losses.shape()).sum();
    Expr none = total.equalTo(ElementwiseFunctions.like(total, 0));
    return losses.sum().dividedBy(ElementwiseFunctions.select(none, 1, total));
  }
}
