package dev.millrace.onednn;

import dev.millrace.provider.Contraction;
import dev.millrace.provider.Contraction.Loop;
import dev.millrace.provider.Contraction.Position;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/** Contractions of the forms that matter, random operands for them, and what they mean. */
final class Contractions {
  private Contractions() {}

  static Loop loop(int extent, int left, int right, int target) {
    return new Loop(extent, new Position(left, right, target));
  }

  static Contraction of(Loop... loops) {
    return new Contraction(List.of(loops), new Position(0, 0, 0), false);
  }

  static Contraction rounded(Contraction exact) {
    return new Contraction(exact.loops(), exact.offset(), true);
  }

  /** {@code [m, k] x [k, n]}; a transposed operand is stored with its dims swapped. */
  static Contraction product(int m, int k, int n, boolean leftTransposed, boolean rightTransposed) {
    return of(
        loop(m, leftTransposed ? 1 : k, 0, n),
        loop(n, 0, rightTransposed ? k : 1, 1),
        loop(k, leftTransposed ? m : 1, rightTransposed ? 1 : n, 0));
  }

  /** Sizes of a convolution without padding. */
  record Sizes(
      int images, int height, int width, int window, int channels, int results, int stride) {
    int sourceWidth() {
      return (width - 1) * stride + window;
    }

    int sourceImage() {
      return ((height - 1) * stride + window) * sourceWidth() * channels;
    }

    int resultImage() {
      return height * width * results;
    }
  }

  static Contraction convolution(Sizes s) {
    int line = s.sourceWidth() * s.channels();
    int matrix = s.channels() * s.results();
    return of(
        loop(s.images(), s.sourceImage(), 0, s.resultImage()),
        loop(s.height(), s.stride() * line, 0, s.width() * s.results()),
        loop(s.width(), s.stride() * s.channels(), 0, s.results()),
        loop(s.results(), 0, 1, 1),
        loop(s.window(), line, s.window() * matrix, 0),
        loop(s.window(), s.channels(), matrix, 0),
        loop(s.channels(), 1, s.results(), 0));
  }

  static Contraction weightGradient(Sizes s) {
    int line = s.sourceWidth() * s.channels();
    int matrix = s.channels() * s.results();
    return of(
        loop(s.window(), line, 0, s.window() * matrix),
        loop(s.window(), s.channels(), 0, matrix),
        loop(s.channels(), 1, 0, s.results()),
        loop(s.results(), 0, 1, 1),
        loop(s.images(), s.sourceImage(), s.resultImage(), 0),
        loop(s.height(), s.stride() * line, s.width() * s.results(), 0),
        loop(s.width(), s.stride() * s.channels(), s.results(), 0));
  }

  /** The gradient to the source: the padded gradient convolved with the weights, turned round. */
  static Contraction sourceGradient(Sizes s) {
    int line = s.sourceWidth() * s.channels();
    int matrix = s.channels() * s.results();
    var loops =
        List.of(
            loop(s.images(), s.sourceImage(), 0, s.resultImage()),
            loop(s.height(), line, 0, s.width() * s.results()),
            loop(s.width(), s.channels(), 0, s.results()),
            loop(s.results(), 0, s.channels(), 1),
            loop(s.window(), line, -s.window() * matrix, 0),
            loop(s.window(), s.channels(), -matrix, 0),
            loop(s.channels(), 1, 1, 0));
    int last = (s.window() * s.window() - 1) * matrix;
    return new Contraction(loops, new Position(0, last, 0), false);
  }

  /** Numbers between -1 and 1, as many as the contraction reads or writes. */
  static float[] random(Contraction contraction, ToIntFunction<Position> part, long seed) {
    int size = 1 + part.applyAsInt(contraction.offset());
    for (Loop loop : contraction.loops()) {
      size += (loop.extent() - 1) * Math.max(0, part.applyAsInt(loop.step()));
    }
    var random = new Random(seed);
    var numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = 2 * random.nextFloat() - 1;
    }
    return numbers;
  }

  /** The contraction as its definition says, in float64. */
  static double[] expected(Contraction contraction, float[] left, float[] right, int size) {
    var target = new double[size];
    add(contraction, 0, contraction.offset(), left, right, target);
    return target;
  }

  private static void add(
      Contraction contraction, int depth, Position at, float[] left, float[] right, double[] to) {
    if (depth == contraction.loops().size()) {
      to[at.target()] += (double) left[at.left()] * right[at.right()];
      return;
    }
    Loop loop = contraction.loops().get(depth);
    Position step = loop.step();
    for (int i = 0; i < loop.extent(); i++) {
      var next =
          new Position(
              at.left() + i * step.left(),
              at.right() + i * step.right(),
              at.target() + i * step.target());
      add(contraction, depth + 1, next, left, right, to);
    }
  }
}
