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
  static final int STATE = 4;

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
        adam(),
        adadelta(),
        amsgrad(),
        adamax(),
        nadam(),
        radam(),
        rprop());
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

  private static PlainRule adadelta() {
    return new PlainRule(
        "Adadelta",
        () -> new AdadeltaOptimizer(Schedule.constant(0.3), 0.7, 0.1),
        (n, g, s) -> {
          s[0] = 0.7 * s[0] + 0.3 * g * g;
          double change = Math.sqrt(s[1] + 0.1) / Math.sqrt(s[0] + 0.1) * g;
          s[1] = 0.7 * s[1] + 0.3 * change * change;
          return 0.3 * change;
        });
  }

  private static PlainRule amsgrad() {
    return new PlainRule(
        "AMSGrad",
        () -> new AdamOptimizer(Schedule.constant(0.2), 0.8, 0.9, 1e-5, true),
        (n, g, s) -> {
          s[0] = 0.8 * s[0] + 0.2 * g;
          s[1] = 0.9 * s[1] + 0.1 * g * g;
          s[2] = Math.max(s[2], s[1]);
          double mean = s[0] / (1 - Math.pow(0.8, n));
          return 0.2 * mean / (Math.sqrt(s[2] / (1 - Math.pow(0.9, n))) + 1e-5);
        });
  }

  private static PlainRule adamax() {
    return new PlainRule(
        "Adamax",
        () -> new AdamaxOptimizer(Schedule.constant(0.2), 0.8, 0.9, 1e-5),
        (n, g, s) -> {
          s[0] = 0.8 * s[0] + 0.2 * g;
          s[1] = Math.max(0.9 * s[1], Math.abs(g) + 1e-5);
          return 0.2 / (1 - Math.pow(0.8, n)) * s[0] / s[1];
        });
  }

  private static PlainRule nadam() {
    return new PlainRule(
        "NAdam",
        () -> new NAdamOptimizer(Schedule.constant(0.1), 0.8, 0.95, 1e-5, 0.01),
        (n, g, s) -> {
          s[0] = 0.8 * s[0] + 0.2 * g;
          s[1] = 0.95 * s[1] + 0.05 * g * g;
          double now = 0.8 * (1 - 0.5 * Math.pow(0.96, 0.01 * n));
          double next = 0.8 * (1 - 0.5 * Math.pow(0.96, 0.01 * (n + 1)));
          s[2] = n == 1 ? now : s[2] * now;
          double direction = (1 - now) * g / (1 - s[2]) + next * s[0] / (1 - s[2] * next);
          return 0.1 * direction / (Math.sqrt(s[1] / (1 - Math.pow(0.95, n))) + 1e-5);
        });
  }

  private static PlainRule radam() {
    return new PlainRule(
        "RAdam",
        () -> new RAdamOptimizer(Schedule.constant(0.2), 0.8, 0.95, 1e-5),
        (n, g, s) -> {
          s[0] = 0.8 * s[0] + 0.2 * g;
          s[1] = 0.95 * s[1] + 0.05 * g * g;
          double mean = s[0] / (1 - Math.pow(0.8, n));
          double limit = 2 / (1 - 0.95) - 1;
          double rest = 1 - Math.pow(0.95, n);
          double r = limit - 2 * n * Math.pow(0.95, n) / rest;
          double part = (r - 4) * (r - 2) * limit / ((limit - 4) * (limit - 2) * r);
          return r > 5
              ? 0.2 * Math.sqrt(part) * mean * Math.sqrt(rest) / (Math.sqrt(s[1]) + 1e-5)
              : 0.2 * mean;
        });
  }

  private static PlainRule rprop() {
    return new PlainRule(
        "Rprop",
        () -> new RpropOptimizer(0.1),
        (n, g, s) -> {
          double size = n == 1 ? 0.1 : s[1];
          double agreement = s[0] * g;
          s[1] = Math.clamp(size * (agreement > 0 ? 1.2 : agreement < 0 ? 0.5 : 1), 1e-6, 50);
          s[0] = agreement < 0 ? 0 : g;
          return Math.signum(s[0]) * s[1];
        });
  }

  @Override
  public String toString() {
    return name;
  }
}
