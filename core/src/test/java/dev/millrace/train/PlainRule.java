package dev.millrace.train;

import java.util.List;
import java.util.function.Supplier;

/** The rule of an optimizer's documentation once more, as plain arithmetic on one parameter. */
record PlainRule(String name, Supplier<Optimizer> optimizer, Change change) {
  /** What the parameter becomes smaller by in step {@code n}, from 1. */
  @FunctionalInterface
  interface Change {
    double of(int n, double g, double[] state);
  }

  /** Numbers that any rule keeps of a parameter. */
  static final int STATE = 2;

  static List<PlainRule> all() {
    return List.of(
        new PlainRule(
            "gradient descent", () -> new GradientDescentOptimizer(0.1), (n, g, s) -> 0.1 * g),
        new PlainRule(
            "momentum",
            () -> new MomentumOptimizer(0.05, 0.8),
            (n, g, s) -> {
              s[0] = 0.8 * s[0] + g;
              return 0.05 * s[0];
            }),
        new PlainRule(
            "Nesterov's momentum",
            () -> new MomentumOptimizer(0.05, 0.8, true),
            (n, g, s) -> {
              s[0] = 0.8 * s[0] + g;
              return 0.05 * (g + 0.8 * s[0]);
            }),
        new PlainRule(
            "Adagrad",
            () -> new AdagradOptimizer(0.5, 1e-3),
            (n, g, s) -> {
              s[0] += g * g;
              return 0.5 * g / (Math.sqrt(s[0]) + 1e-3);
            }),
        rmsProp(),
        adam());
  }

  private static PlainRule rmsProp() {
    return new PlainRule(
        "RMSProp",
        () -> new RmsPropOptimizer(0.05, 0.7, 0.5, 1e-4),
        (n, g, s) -> {
          s[0] = 0.7 * s[0] + 0.3 * g * g;
          s[1] = 0.5 * s[1] + g / (Math.sqrt(s[0]) + 1e-4);
          return 0.05 * s[1];
        });
  }

  private static PlainRule adam() {
    return new PlainRule(
        "Adam",
        () -> new AdamOptimizer(0.1, 0.8, 0.95, 1e-5),
        (n, g, s) -> {
          s[0] = 0.8 * s[0] + 0.2 * g;
          s[1] = 0.95 * s[1] + 0.05 * g * g;
          double mean = s[0] / (1 - Math.pow(0.8, n));
          return 0.1 * mean / (Math.sqrt(s[1] / (1 - Math.pow(0.95, n))) + 1e-5);
        });
  }

  @Override
  public String toString() {
    return name;
  }
}
