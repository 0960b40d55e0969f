package dev.millrace.compile;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Slots whose last value is not needed any more, by type and size. The best one for a value is one
 * of its size; then a somewhat larger one; then the largest smaller one, which has to grow; then
 * any larger one. Each choice looks at a few sizes only, so that planning stays linear.
 */
final class FreeSlots {
  /** How many sizes are looked at in each direction. */
  private static final int SIZES = 8;

  /** A slot of up to so many times a value's size is better than making another one grow. */
  private static final double COMPARABLE = 2;

  /** What unknown dims are taken for where sizes are put in an order. */
  private static final double TYPICAL = 128;

  private final Map<DType, NavigableMap<Double, Map<Dim, Deque<Integer>>>> slots =
      new EnumMap<>(DType.class);

  private record Choice(double key, Dim size) {}

  void add(Program.Slot slot, int number) {
    slots
        .computeIfAbsent(slot.dtype(), any -> new TreeMap<>())
        .computeIfAbsent(typical(slot.size()), any -> new LinkedHashMap<>())
        .computeIfAbsent(slot.size(), any -> new ArrayDeque<>())
        .push(number);
  }

  /** The number of a slot for what {@code wanted} describes, which is no longer free then. */
  Optional<Integer> take(Program.Slot wanted) {
    NavigableMap<Double, Map<Dim, Deque<Integer>>> bySize = slots.get(wanted.dtype());
    if (bySize == null) {
      return Optional.empty();
    }
    Dim size = wanted.size();
    double key = typical(size);
    NavigableMap<Double, Map<Dim, Deque<Integer>>> larger = bySize.tailMap(key, true);
    Optional<Choice> choice =
        has(larger, key, size)
            ? Optional.of(new Choice(key, size))
            : larger(larger.headMap(COMPARABLE * key, true), size)
                .or(() -> smaller(bySize.headMap(key, true).descendingMap(), size))
                .or(() -> larger(larger, size));
    return choice.map(found -> remove(bySize, found));
  }

  private static boolean has(
      NavigableMap<Double, Map<Dim, Deque<Integer>>> bySize, double key, Dim size) {
    Map<Dim, Deque<Integer>> same = bySize.get(key);
    return same != null && same.containsKey(size);
  }

  private static Optional<Choice> larger(Map<Double, Map<Dim, Deque<Integer>>> bySize, Dim size) {
    return first(bySize, candidate -> isAtLeast(candidate, size));
  }

  private static Optional<Choice> smaller(Map<Double, Map<Dim, Deque<Integer>>> bySize, Dim size) {
    return first(bySize, candidate -> isAtLeast(size, candidate));
  }

  private static Optional<Choice> first(
      Map<Double, Map<Dim, Deque<Integer>>> bySize, Predicate<Dim> fits) {
    int looked = 0;
    for (Map.Entry<Double, Map<Dim, Deque<Integer>>> entry : bySize.entrySet()) {
      for (Dim candidate : entry.getValue().keySet()) {
        if (fits.test(candidate)) {
          return Optional.of(new Choice(entry.getKey(), candidate));
        }
        if (++looked == SIZES) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static int remove(NavigableMap<Double, Map<Dim, Deque<Integer>>> bySize, Choice choice) {
    Map<Dim, Deque<Integer>> same = bySize.getOrDefault(choice.key, Map.of());
    Deque<Integer> numbers = same.getOrDefault(choice.size, new ArrayDeque<>());
    int number = numbers.pop();
    if (numbers.isEmpty()) {
      same.remove(choice.size);
    }
    if (same.isEmpty()) {
      bySize.remove(choice.key);
    }
    return number;
  }

  /** Whether {@code a >= b} for whatever the symbols are: no dim is negative. */
  static boolean isAtLeast(Dim a, Dim b) {
    return isNeverNegative(a.minus(b));
  }

  private static boolean isNeverNegative(Dim dim) {
    return dim.terms().stream()
        .allMatch(term ->
            term.factor() >= 0 && term.atoms().stream().allMatch(FreeSlots::isNeverNegative));
  }

  private static boolean isNeverNegative(Dim.Atom atom) {
    return switch (atom) {
      case Dim.Symbol symbol -> true;
      case Dim.Quotient(Dim numerator, long divisor) -> isNeverNegative(numerator);
    };
  }

  /** A number by which sizes are ordered; where one is never smaller, so is its number. */
  private static double typical(Dim dim) {
    double sum = 0;
    for (Dim.Term term : dim.terms()) {
      double product = term.factor();
      for (Dim.Atom atom : term.atoms()) {
        product *=
            switch (atom) {
              case Dim.Symbol symbol -> TYPICAL;
              case Dim.Quotient(Dim numerator, long divisor) ->
                  Math.floor(typical(numerator) / divisor);
            };
      }
      sum += product;
    }
    return sum;
  }
}
