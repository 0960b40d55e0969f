package dev.millrace.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about the unknown dims of one graph: two dims that must agree are made the same.
 *
 * <p>Steps are all or nothing: after {@link #mark} every binding can be taken back with {@link
 * #undo}.
 */
public final class Unification {
  private final Map<Dim.Symbol, Dim> bindings = new HashMap<>();
  private final List<Dim.Symbol> trail = new ArrayList<>();

  /** How long a chain of bindings may end at a symbol; the shorter chain joins the longer one. */
  private final Map<Dim.Symbol, Integer> depths = new HashMap<>();

  /** Nothing is known yet. */
  public Unification() {}

  /** {@code dim} with everything that is known put in. */
  public Dim resolve(Dim dim) {
    Dim resolved = dim;
    while (!resolved.isKnown() && resolved.symbols().stream().anyMatch(bindings::containsKey)) {
      resolved = resolved.substitute(s -> bindings.getOrDefault(s, Dim.ofAtom(s)));
    }
    return resolved;
  }

  /** {@code shape} with everything that is known put in. */
  public Shape resolve(Shape shape) {
    return shape.map(this::resolve);
  }

  /** Makes two dims the same; empty where they differ or can't be shown to agree. */
  public Optional<Dim> unify(Dim left, Dim right) {
    Dim a = resolve(left);
    Dim b = resolve(right);
    if (a.equals(b)) {
      return Optional.of(a);
    }
    if (binds(a, b) && !(binds(b, a) && depth(a.symbol()) > depth(b.symbol()))) {
      return Optional.of(bind(a.symbol(), b));
    }
    if (binds(b, a)) {
      return Optional.of(bind(b.symbol(), a));
    }
    return solve(a.minus(b)) ? Optional.of(resolve(a)) : Optional.empty();
  }

  /** A named symbol keeps its name: the unnamed one is bound to it. */
  private static boolean binds(Dim symbol, Dim to) {
    return symbol.isSymbol()
        && !to.symbols().contains(symbol.symbol())
        && (symbol.symbol().id() != 0 || !to.isSymbol() || to.symbol().id() == 0)
        && (!to.isKnown() || to.value() >= 0);
  }

  private int depth(Dim.Symbol symbol) {
    return depths.getOrDefault(symbol, 0);
  }

  private Dim bind(Dim.Symbol symbol, Dim to) {
    if (to.isSymbol()) {
      depths.merge(to.symbol(), 1 + depth(symbol), Math::max);
    }
    bindings.put(symbol, to);
    trail.add(symbol);
    return to;
  }

  /** Solves {@code factor * symbol + number = 0}. */
  private boolean solve(Dim difference) {
    List<Dim.Symbol> symbols = difference.symbols();
    if (symbols.size() != 1) {
      return false;
    }
    Dim.Symbol symbol = symbols.getFirst();
    Dim constant = difference.substitute(any -> Dim.ZERO);
    Dim factor = difference.minus(constant).dividedBy(Dim.ofAtom(symbol)).orElse(Dim.ZERO);
    if (!constant.isKnown() || !factor.isKnown() || factor.is(0)) {
      return false;
    }
    long solution = -constant.value() / factor.value();
    if (solution < 0 || solution * factor.value() != -constant.value()) {
      return false;
    }
    bind(symbol, Dim.of(solution));
    return true;
  }

  /** A point to go back to. */
  public int mark() {
    return trail.size();
  }

  /** Takes back every binding since {@code mark}. */
  public void undo(int mark) {
    while (trail.size() > mark) {
      bindings.remove(trail.removeLast());
    }
  }
}
