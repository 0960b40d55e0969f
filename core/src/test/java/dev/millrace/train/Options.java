package dev.millrace.train;

import dev.millrace.reference.Json;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a file of the reference trajectories says of its rule, as an optimizer of the library. */
record Options(Json file) {
  /** The options of each rule beside {@code lr} and {@code weight_decay}. */
  private static final Map<String, Set<String>> NAMES =
      Map.ofEntries(
          Map.entry("SGD", Set.of("momentum", "dampening", "nesterov")),
          Map.entry("Adagrad", Set.of("lr_decay", "eps")),
          Map.entry("RMSprop", Set.of("alpha", "eps", "momentum", "centered")),
          Map.entry("Adadelta", Set.of("rho", "eps")),
          Map.entry("Adam", Set.of("betas", "eps", "amsgrad")),
          Map.entry("AdamW", Set.of("betas", "eps", "amsgrad")),
          Map.entry("Adamax", Set.of("betas", "eps")),
          Map.entry("NAdam", Set.of("betas", "eps", "momentum_decay")),
          Map.entry("RAdam", Set.of("betas", "eps")),
          Map.entry("Rprop", Set.of("etas", "step_sizes")),
          Map.entry("LBFGS", Set.of("max_iter", "max_eval", "history_size", "line_search_fn")));

  /** An option that is not honoured would go unnoticed where it changes little. */
  void checkNames() {
    Set<String> known = NAMES.get(isLbfgs() ? "LBFGS" : rule());
    if (known == null) {
      throw new IllegalArgumentException("rule " + rule());
    }
    var others = new TreeSet<>(file.get("options").keys());
    others.removeAll(known);
    others.removeAll(Set.of("lr", "weight_decay"));
    if (!others.isEmpty()) {
      throw new IllegalArgumentException("options of " + rule() + ": " + others);
    }
  }

  /** The rule's name. */
  String rule() {
    return file.get("optimizer").text();
  }

  /** Whether the rule runs the session itself; upper and lower case differ between files. */
  boolean isLbfgs() {
    return rule().equalsIgnoreCase("LBFGS");
  }

  Json option(String name) {
    return file.get("options").get(name);
  }

  private double number(String name, double otherwise) {
    return option(name).number(otherwise);
  }

  private double pair(String name, int element, double otherwise) {
    return option(name).isAbsent() ? otherwise : option(name).numbers()[element];
  }

  Optimizer optimizer(Schedule rate) {
    double epsilon = number("eps", 1e-8);
    return switch (rule()) {
      case "SGD" -> descent(rate);
      case "Adagrad" -> new AdagradOptimizer(rate, number("eps", 1e-10), number("lr_decay", 0));
      case "RMSprop" -> rmsProp(rate, epsilon);
      case "Adadelta" -> new AdadeltaOptimizer(rate, number("rho", 0.9), number("eps", 1e-6));
      case "Rprop" ->
          new RpropOptimizer(
              number("lr", 0.01),
              pair("etas", 0, 0.5),
              pair("etas", 1, 1.2),
              pair("step_sizes", 0, 1e-6),
              pair("step_sizes", 1, 50));
      default -> adam(rate, pair("betas", 0, 0.9), pair("betas", 1, 0.999), epsilon);
    };
  }

  private Optimizer adam(Schedule rate, double beta1, double beta2, double epsilon) {
    boolean amsgrad = option("amsgrad").isTrue();
    double decay = number("weight_decay", 1e-2);
    return switch (rule()) {
      case "Adam" -> new AdamOptimizer(rate, beta1, beta2, epsilon, amsgrad);
      case "AdamW" ->
          decay == 0
              ? new AdamOptimizer(rate, beta1, beta2, epsilon, amsgrad)
              : new AdamWOptimizer(rate, decay, beta1, beta2, epsilon, amsgrad);
      case "Adamax" -> new AdamaxOptimizer(rate, beta1, beta2, epsilon);
      case "NAdam" ->
          new NAdamOptimizer(rate, beta1, beta2, epsilon, number("momentum_decay", 0.004));
      case "RAdam" -> new RAdamOptimizer(rate, beta1, beta2, epsilon);
      default -> throw new IllegalArgumentException(rule());
    };
  }

  private Optimizer descent(Schedule rate) {
    double momentum = number("momentum", 0);
    return momentum == 0
        ? new GradientDescentOptimizer(rate)
        : new MomentumOptimizer(
            rate, momentum, number("dampening", 0), option("nesterov").isTrue());
  }

  private Optimizer rmsProp(Schedule rate, double epsilon) {
    return new RmsPropOptimizer(
        rate, number("alpha", 0.99), number("momentum", 0), epsilon, option("centered").isTrue());
  }

  /** Clipping, then weight decay, where the rule has none of its own. */
  GradientTransform transform() {
    double decay = rule().equals("AdamW") ? 0 : number("weight_decay", 0);
    return decay == 0 ? clipping() : clipping().then(GradientTransform.weightDecay(decay));
  }

  private GradientTransform clipping() {
    Json clip = file.get("clip");
    if (clip.isAbsent()) {
      return GradientTransform.none();
    }
    double limit = clip.get("limit").number();
    return switch (clip.get("kind").text()) {
      case "value" -> GradientTransform.clipByValue(limit);
      case "global_norm" -> GradientTransform.clipByGlobalNorm(limit);
      case "per_tensor_norm" -> GradientTransform.clipByNorm(limit);
      default -> throw new IllegalArgumentException(clip.get("kind").text());
    };
  }
}
