package dev.millrace.op;

import dev.millrace.tensor.ShapeException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What a sliding window finds beyond the edges of its input.
 *
 * <p>Convolutions and averages find zeros there, maxima minus infinity.
 *
 * @param kind how much is put around the input
 * @param before elements in front of each spatial axis, for {@link Kind#EXPLICIT}; one number for
 *     all axes, or one each
 * @param after elements behind each spatial axis
 */
public record Padding(Kind kind, List<Long> before, List<Long> after) {
  /** How much is put around an input. */
  public enum Kind {
    /** As much as it takes that the result has {@code ceil(size / stride)} elements. */
    SAME,
    /** Nothing. */
    VALID,
    /** The numbers given. */
    EXPLICIT
  }

  /**
   * As much as it takes that the result has {@code ceil(size / stride)} elements; where that is an
   * odd number, one more behind than in front, as TensorFlow does.
   */
  public static final Padding SAME = new Padding(Kind.SAME, List.of(), List.of());

  /** Nothing: the window stays inside. */
  public static final Padding VALID = new Padding(Kind.VALID, List.of(), List.of());

  /** Checks that no number is negative. */
  public Padding {
    before = List.copyOf(before);
    after = List.copyOf(after);
    boolean negative =
        before.stream().anyMatch(size -> size < 0) || after.stream().anyMatch(size -> size < 0);
    if (negative || before.size() != after.size()) {
      throw new ShapeException(
          "padding: one number from 0 in front and one behind for each axis, found "
              + before
              + " and "
              + after);
    }
  }

  /** The same number in front and behind: one for all spatial axes, or one for each. */
  public static Padding of(long... around) {
    return of(around, around);
  }

  /** Numbers in front of and behind each spatial axis. */
  public static Padding of(long[] before, long[] after) {
    return new Padding(
        Kind.EXPLICIT,
        Arrays.stream(before).boxed().toList(),
        LongStream.of(after).boxed().toList());
  }

  @Override
  public String toString() {
    return kind == Kind.EXPLICIT ? before + " and " + after : kind.name();
  }
}
