package dev.millrace.train;

import dev.millrace.grad.Gradients;
import dev.millrace.graph.Action;
import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes variables step by step so that a loss becomes smaller. Its rule is recorded in the graph:
 * what it returns is an {@link Action} for {@code session.run}.
 */
public abstract class Optimizer {
  /** A variable and the derivative of the loss with respect to it. */
  public record Gradient(Variable variable, Expr gradient) {}

  private final Schedule schedule;

  /** For rules in this package and outside, whose learning rate this is. */
  protected Optimizer(Schedule schedule) {
    this.schedule = schedule;
  }

  /**
   * For rules whose learning rate stays the same.
   *
   * @throws MillraceException if it is not positive
   */
  protected Optimizer(double learningRate) {
    this(Schedule.constant(learningRate));
  }

  /**
   * One step that makes {@code loss} smaller: {@link #computeGradients} and {@link
   * #applyGradients}. Variables of the optimizer's own are made here, so initialise all variables
   * afterwards.
   *
   * @param loss a floating-point scalar; anything larger counts as its sum
   * @throws GraphException if the loss depends on no variable
   */
  public final Action minimize(Expr loss) {
    return minimize(loss, GradientTransform.none());
  }

  /** As {@link #minimize(Expr)}, with gradients changed before they are applied. */
  public final Action minimize(Expr loss, GradientTransform transform) {
    return applyGradients(transform.apply(computeGradients(loss)));
  }

  /** The derivative of {@code loss} with respect to every variable that it depends on smoothly. */
  public final List<Gradient> computeGradients(Expr loss) {
    Value value = ((Value) loss).graph().own("minimize", loss);
    List<Variable> smooth = variables(value, true);
    if (!smooth.isEmpty()) {
      return computeGradients(loss, smooth);
    }
    List<Variable> others = variables(value, false);
    if (others.isEmpty()) {
      throw new GraphException(
          "minimize: the loss "
              + loss
              + " depends on no floating-point variable; make one with"
              + " graph.variable(...) and use it in the loss");
    }
    // The message of the derivative that there is not tells why.
    return computeGradients(loss, others);
  }

  /** The floating-point variables that {@code loss} depends on, or only those it does smoothly. */
  static List<Variable> variables(Value loss, boolean smoothly) {
    var reached = new HashSet<Value>(Set.of(loss));
    for (Equation equation : Body.of(List.of(loss)).equations().reversed()) {
      boolean isSmooth = equation.op().isDifferentiable() && equation.result().dtype().isFloating();
      if (reached.contains(equation.result()) && (isSmooth || !smoothly)) {
        reached.addAll(equation.operands());
      }
    }
    return loss.graph().variables().stream()
        .filter(variable -> reached.contains(variable) && variable.dtype().isFloating())
        .toList();
  }

  /** The derivative of {@code loss} with respect to these variables. */
  public final List<Gradient> computeGradients(Expr loss, List<Variable> variables) {
    List<Expr> gradients = Gradients.of(loss, variables);
    var pairs = new ArrayList<Gradient>();
    for (int i = 0; i < variables.size(); i++) {
      pairs.add(new Gradient(variables.get(i), gradients.get(i)));
    }
    return List.copyOf(pairs);
  }

  /**
   * The step that this rule makes of these derivatives, which may have been changed before.
   *
   * @throws ShapeException if a gradient has not the type and shape of its variable
   */
  public final Action applyGradients(List<Gradient> gradients) {
    if (gradients.isEmpty()) {
      throw new GraphException("applyGradients: takes one gradient or more, found none");
    }
    gradients.forEach(Optimizer::check);
    var step = new Step(gradients.getFirst().variable().graph(), schedule);
    var actions = new ArrayList<Action>();
    for (Gradient pair : gradients) {
      actions.add(update(pair.variable(), pair.gradient(), step));
    }
    actions.add(step.count());
    return Action.all(actions);
  }

  /** A gradient that was changed must still fit its variable. */
  private static void check(Gradient pair) {
    Variable variable = pair.variable();
    Value gradient = variable.graph().own("applyGradients", pair.gradient());
    if (!gradient.type().equals(variable.type())) {
      throw new ShapeException(
          "applyGradients: a gradient has the type and shape of its variable: "
              + gradient
              + ", "
              + variable);
    }
  }

  /** The change of one variable, and of what the rule keeps for it. */
  protected abstract Action update(Variable variable, Expr gradient, Step step);

  /** {@code variable - rate * direction}. */
  protected static Action descend(Variable variable, Expr direction, Step step) {
    return variable.assign(variable.minus(direction.times(step.rate(variable.dtype()))));
  }

  /** A variable of the optimizer's own, of the variable's shape, zero at the start. */
  protected static Variable slot(Variable variable, String name) {
    return slot(variable, name, Tensor.zeros(variable.dtype(), variable.shape()));
  }

  /** A variable of the optimizer's own with this content at the start. */
  protected static Variable slot(Variable variable, String name, Tensor initial) {
    Graph graph = variable.graph();
    return graph.variable(initial).named(graph.unusedName(variable.name() + "/" + name));
  }

  /**
   * {@code value}, if it is positive and finite.
   *
   * @throws MillraceException if it is not
   */
  protected static double positive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new MillraceException(what + ": must be a positive number, found " + value);
    }
    return value;
  }

  /**
   * {@code value}, if it is in [0, 1).
   *
   * @throws MillraceException if it is not
   */
  protected static double fraction(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new MillraceException(what + ": must be in [0, 1), found " + value);
    }
    return value;
  }
}
