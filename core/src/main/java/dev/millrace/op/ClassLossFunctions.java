package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Losses of classification: cross-entropies in their stable forms, and margins between classes. */
public class ClassLossFunctions extends ActivationFunctions {
  ClassLossFunctions() {}

  /**
   * Cross-entropy between probabilities and the softmax of logits, both {@code [batch..., classes]}
   * or with the classes at another axis: {@code -sum(weights * labels * logSoftmax(logits))} for
   * each example. A mean counts each example once. Differentiable by labels and logits.
   *
   * @throws ShapeException if the shapes differ
   * @throws MillraceException if a number is to be ignored, as labels are no numbers of classes
   */
  public static Expr softmaxCrossEntropy(
      Expr labels, Expr logits, Classes classes, Reduction reduction) {
    String op = "softmaxCrossEntropy";
    if (classes.ignored().isPresent()) {
      throw new MillraceException(
          op + ": only numbers of classes can be ignored; see sparseSoftmaxCrossEntropy");
    }
    checkAlike(op, labels, logits);
    int axis = Axes.check(op, logits, classes.axis());
    Expr logs = lastAxis(logSoftmax(logits, axis), axis);
    Expr weighted = classes.weights().map(logs::times).orElse(logs);
    Expr losses = lastAxis(labels, axis).times(weighted).sum(-1).negate();
    return reduction.of(op, smoothed(losses, weighted, classes), Optional.empty());
  }

  /**
   * Cross-entropy between numbers of classes and the softmax of logits, {@code [batch...] x
   * [batch..., classes]} or with the classes at another axis: {@code -weights[target] *
   * logSoftmax(logits)[target]} for each example. A mean divides by the sum of the weights of the
   * targets that count. A run ends with an {@code IndexException} where a target is no class and is
   * not to be ignored.
   *
   * @throws ShapeException if targets are not one for each row of logits
   */
  public static Expr sparseSoftmaxCrossEntropy(
      Expr targets, Expr logits, Classes classes, Reduction reduction) {
    String op = "sparseSoftmaxCrossEntropy";
    int axis = Axes.check(op, logits, classes.axis());
    return ofTargets(op, targets, logits, logSoftmax(logits, axis), classes, reduction);
  }

  /**
   * Negative log-likelihood of numbers of classes: {@link #sparseSoftmaxCrossEntropy} of values
   * that are logarithms of probabilities already.
   *
   * @throws ShapeException if targets are not one for each row
   */
  public static Expr nllLoss(
      Expr targets, Expr logProbabilities, Classes classes, Reduction reduction) {
    checkFloating("nllLoss", logProbabilities);
    return ofTargets("nllLoss", targets, logProbabilities, logProbabilities, classes, reduction);
  }

  private static Expr ofTargets(
      String op, Expr targets, Expr x, Expr logs, Classes classes, Reduction reduction) {
    int axis = Axes.check(op, x, classes.axis());
    Expr rows = lastAxis(logs, axis);
    checkTargets(op, targets, x, rows);
    Optional<Expr> ignored =
        classes.ignored().stream()
            .mapToObj(number -> equal(targets, like(targets, (double) number)))
            .findFirst();
    Expr safe = ignored.map(none -> select(none, 0, targets)).orElse(targets);
    Dim count = rows.shape().dim(-1);
    Expr numbers = iota(x.recorder(), targets.dtype(), count);
    Expr chosen = equal(expandDims(safe, -1), numbers);
    Expr ones = like(x, 1).broadcastTo(Shape.of(List.of(count)));
    // Also without weights: the look-up refuses what is no class.
    Expr weight = Classes.lookUp(classes.weights().orElse(ones), safe);
    Expr losses = weight.times(select(chosen, rows, 0).sum(-1)).negate();
    Expr weighted = classes.weights().map(rows::times).orElse(rows);
    Expr all = smoothed(losses, weighted, classes);
    Expr counted = ignored.map(none -> select(none, 0, all)).orElse(all);
    boolean alike = ignored.isEmpty() && classes.weights().isEmpty();
    Expr share = ignored.map(none -> select(none, 0, weight)).orElse(weight);
    return reduction.of(op, counted, alike ? Optional.empty() : Optional.of(share));
  }

  /** {@code (1 - s) * losses - s * mean(logs)}, for logarithms along the last axis. */
  private static Expr smoothed(Expr losses, Expr logs, Classes classes) {
    double share = classes.smoothing();
    return share == 0 ? losses : losses.times(1 - share).minus(reduceMean(logs, -1).times(share));
  }

  /** x with {@code axis} moved behind the others. */
  private static Expr lastAxis(Expr x, int axis) {
    int rank = x.shape().rank();
    if (axis == rank - 1) {
      return x;
    }
    int[] order = new int[rank];
    for (int i = 0; i < rank - 1; i++) {
      order[i] = i < axis ? i : i + 1;
    }
    order[rank - 1] = axis;
    return transpose(x, order);
  }

  private static void checkTargets(String op, Expr targets, Expr x, Expr rows) {
    if (targets.dtype() != DType.INT32 && targets.dtype() != DType.INT64) {
      throw new DTypeException(
          op
              + ": targets are numbers of classes, int32 or int64: "
              + Messages.describe(targets)
              + "; for one label per class, take softmaxCrossEntropy");
    }
    var wanted = new ArrayList<>(rows.shape().dims());
    wanted.removeLast();
    boolean fits = targets.shape().rank() == wanted.size();
    if (fits && !targets.shape().equals(Shape.of(wanted))) {
      try {
        Expr row = rows.sum(-1);
        x.recorder().commonShape(op, List.of(targets, row), 0);
        fits = targets.shape().equals(row.shape());
      } catch (ShapeException clash) {
        fits = false;
      }
    }
    if (!fits) {
      throw new ShapeException(
          op
              + ": targets need one number of a class for each row, "
              + Shape.of(wanted)
              + ": "
              + Messages.describe(targets, x)
              + "; for one label per class, take softmaxCrossEntropy");
    }
  }

  /**
   * Cross-entropy between labels in [0, 1] and the logistic function of logits, element by element:
   * {@code softplus(x) - labels * x}.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Expr sigmoidCrossEntropy(Expr labels, Expr logits, Reduction reduction) {
    checkAlike("sigmoidCrossEntropy", labels, logits);
    return reduction.of("sigmoidCrossEntropy", logisticCrossEntropy(labels, logits));
  }

  /**
   * {@link #sigmoidCrossEntropy(Expr, Expr, Reduction)} with a factor for what labels of 1 add:
   * {@code positive * labels * softplus(-x) + (1 - labels) * softplus(x)}; above 1 it raises
   * recall, below 1 precision.
   */
  public static Expr sigmoidCrossEntropy(
      Expr labels, Expr logits, Expr positive, Reduction reduction) {
    checkAlike("sigmoidCrossEntropy", labels, logits);
    Expr ofOnes = positive.times(labels).times(softplus(logits.negate()));
    Expr ofZeros = labels.negate().plus(1).times(softplus(logits));
    return reduction.of("sigmoidCrossEntropy", ofOnes.plus(ofZeros));
  }

  /**
   * Cross-entropy between labels and probabilities, both in [0, 1], element by element: {@code
   * -labels log(p) - (1 - labels) log(1 - p)}, where {@code 0 log 0} is 0; infinite where what is
   * certain does not happen. Of probabilities that are a logistic function it is computed from its
   * argument, in the stable form.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Expr binaryCrossEntropy(Expr labels, Expr probabilities, Reduction reduction) {
    String op = "binaryCrossEntropy";
    checkAlike(op, labels, probabilities);
    if (probabilities.op().filter(Elementwise.LOGISTIC::equals).isPresent()) {
      Expr logits = probabilities.operands().getFirst();
      return reduction.of(op, logisticCrossEntropy(labels, logits));
    }
    Expr ofOnes = xlogy(labels, probabilities);
    Expr ofZeros = xlog1py(labels.negate().plus(1), probabilities.negate());
    return reduction.of(op, ofOnes.plus(ofZeros).negate());
  }

  /**
   * Binary cross-entropy of logits that counts well classified elements less (Lin et al., 2017):
   * {@code a (1 - p)^gamma} times {@link #sigmoidCrossEntropy}, where p is the probability of the
   * label, and a is {@code alpha} for labels of 1 and {@code 1 - alpha} for labels of 0.
   *
   * @throws ShapeException if the shapes differ
   * @throws MillraceException if gamma is negative
   */
  public static Expr focalLoss(
      Expr labels, Expr logits, double gamma, double alpha, Reduction reduction) {
    check("focalLoss", gamma >= 0, "gamma must be 0 or more, found", gamma);
    checkAlike("focalLoss", labels, logits);
    Expr not = labels.negate().plus(1);
    Expr missed = labels.times(logistic(logits.negate())).plus(not.times(logistic(logits)));
    Expr balance = labels.times(2 * alpha - 1).plus(1 - alpha);
    Expr entropy = logisticCrossEntropy(labels, logits);
    return reduction.of("focalLoss", balance.times(missed.pow(gamma)).times(entropy));
  }

  /**
   * Hinge loss of labels that are -1 or 1, element by element: {@code max(0, 1 - labels * x)}.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Expr hingeLoss(Expr labels, Expr x, Reduction reduction) {
    checkAlike("hingeLoss", labels, x);
    return reduction.of("hingeLoss", relu(labels.times(x).negate().plus(1)));
  }

  /**
   * The square of {@link #hingeLoss}.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Expr squaredHingeLoss(Expr labels, Expr x, Reduction reduction) {
    checkAlike("squaredHingeLoss", labels, x);
    Expr hinge = relu(labels.times(x).negate().plus(1));
    return reduction.of("squaredHingeLoss", hinge.square());
  }

  /**
   * How far the best wrong class comes within 1 of the right one, for one-hot labels along the last
   * axis: {@code max(0, 1 + max((1 - labels) x) - sum(labels x))}.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Expr categoricalHingeLoss(Expr labels, Expr x, Reduction reduction) {
    checkAlike("categoricalHingeLoss", labels, x);
    Expr right = labels.times(x).sum(-1);
    Expr wrong = reduceMax(labels.negate().plus(1).times(x), -1);
    return reduction.of("categoricalHingeLoss", relu(wrong.minus(right).plus(1)));
  }

  /** Checks that two operands have one floating-point type and one shape. */
  static void checkAlike(String op, Expr a, Expr b) {
    checkFloating(op, b);
    Broadcast.checkOneType(op, List.of(a, b));
    boolean fits = a.shape().rank() == b.shape().rank();
    if (fits && !a.shape().equals(b.shape())) {
      a.recorder().atomically(() -> a.recorder().commonShape(op, List.of(a, b), 0));
    }
    if (!fits || !a.shape().equals(b.shape())) {
      throw new ShapeException(
          op
              + ": operands must have one shape, as nothing is repeated: "
              + Messages.describe(a, b)
              + "; reshape one");
    }
  }
}
