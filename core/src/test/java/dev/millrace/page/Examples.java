package dev.millrace.page;

import java.util.List;

/** Lines for JShell, one for each family, and what they answer; the examples' tests type them. */
final class Examples {
  private Examples() {}

  private record Line(String typed, String answer) {}

  private static final List<Line> LINES =
      List.of(
          line("reshape(x, 2, -1).sum(0)", "[4.0, 6.0]"),
          line("maximum(x, x.negate().plus(5))", "[4.0, 3.0, 3.0, 4.0]"),
          line("log2(x)", "[0.0, 1.0, 1.5849625, 2.0]"),
          line("clip(x, 2, 3)", "[2.0, 2.0, 3.0, 3.0]"),
          line("reduceSum(x)", "10.0"),
          line("flip(x, 0)", "[4.0, 3.0, 2.0, 1.0]"),
          line("cumulativeSum(x, 0)", "[1.0, 3.0, 6.0, 10.0]"),
          line("sort(x.negate(), 0)", "[-4.0, -3.0, -2.0, -1.0]"),
          line("einsum(\"i,j->ij\", x, x).sum(0)", "[10.0, 20.0, 30.0, 40.0]"),
          line("relu(x.minus(2))", "[0.0, 0.0, 1.0, 2.0]"),
          line("softmax(x.times(0))", "[0.25, 0.25, 0.25, 0.25]"),
          line("meanSquaredError(x, x.plus(2), MEAN)", "4.0"),
          line("maxPool1d(reshape(x, 1, 4, 1), 2).reshape(2)", "[2.0, 4.0]"),
          line("det(reshape(x, 2, 2))", "-2.0"),
          line("scan((s, e) -> s.times(e), g.constant(1f), x)", "[1.0, 2.0, 6.0, 24.0]"),
          line("gradient(x.square().sum(), x)", "[2.0, 4.0, 6.0, 8.0]"));

  private static Line line(String typed, String answer) {
    return new Line(typed, answer);
  }

  /** A section of the page. */
  static String section() {
    var text = new StringBuilder();
    text.append(
        """
        ## One line each

        For `jshell --module-path core/target/millrace-0.1.0.jar --add-modules dev.millrace`:

        ```
        jshell> import module dev.millrace
        jshell> import static dev.millrace.Ops.*
        jshell> var g = new Graph()
        jshell> var x = g.constant(Tensor.of(1f, 2f, 3f, 4f))
        jshell> Tensor value(Expr y) { return new Session(g).run(y); }
        """);
    for (Line line : LINES) {
      text.append("jshell> value(").append(line.typed).append(")\n");
      text.append("==> ").append(line.answer).append('\n');
    }
    return text.append("```\n\n").toString();
  }
}
