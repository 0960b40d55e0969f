package dev.millrace.onednn;

import static dev.millrace.onednn.Contractions.loop;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.millrace.cpu.Workers;
import dev.millrace.onednn.Contractions.Sizes;
import dev.millrace.provider.Contraction;
import dev.millrace.provider.Contraction.Position;
import dev.millrace.provider.ContractionCode;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What oneDNN computes is compared with plain loops, at odd sizes. */
class OneDnnTest {
  private static final OneDnn PROVIDER = new OneDnn();

  /** Of sums of a few thousand products of numbers below 1. */
  private static final double TOLERANCE = 2e-4;

  private static Dnnl library() {
    return PROVIDER
        .library()
        .orElseGet(() -> abort("no oneDNN for this machine on the class path"));
  }

  private static void check(Class<?> form, Contraction contraction) {
    check(form, contraction, false);
    check(form, Contractions.rounded(contraction), true);
  }

  private static void check(Class<?> form, Contraction contraction, boolean rounded) {
    float[] left = Contractions.random(contraction, Position::left, 1);
    float[] right = Contractions.random(contraction, Position::right, 2);
    float[] target = Contractions.random(contraction, Position::target, 3);
    ContractionCode code = code(contraction);
    Class<?> expectedForm = rounded && form == FloatProduct.class ? Bfloat16Product.class : form;
    assertEquals(expectedForm, code.getClass());
    double[] expected =
        Contractions.expected(
            contraction, rounded(left, rounded), rounded(right, rounded), target.length);
    Optional<float[]> before = Optional.empty();
    for (int threads = 1; threads <= 3; threads++) {
      Arrays.fill(target, Float.NaN);
      code.run(Workers.of(threads)::runTasks, left, right, target);
      for (int i = 0; i < target.length; i++) {
        assertEquals(expected[i], target[i], TOLERANCE, "element " + i + " of " + contraction);
      }
      before.ifPresent(bits -> assertArrayEquals(bits, target, "depends on threads"));
      before = Optional.of(target.clone());
    }
  }

  private static ContractionCode code(Contraction contraction) {
    try {
      return OneDnn.code(library(), contraction).orElseThrow();
    } catch (OneDnnException failure) {
      if (contraction.bfloat16()) {
        return abort("no bfloat16 on this processor: " + failure.getMessage());
      }
      throw failure;
    }
  }

  private static float[] rounded(float[] numbers, boolean round) {
    if (!round) {
      return numbers;
    }
    var rounded = new float[numbers.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = Float.intBitsToFloat(Bfloat16.round(numbers[i]) << Short.SIZE);
    }
    return rounded;
  }

  @ParameterizedTest
  @CsvSource({
    "1,7,9",
    "7,9,5",
    "65,31,130",
    "33,257,64",
    "200,300,257",
    "300,8,1000",
    "1000,80,513"
  })
  void multipliesMatricesInAllTranspositions(int m, int k, int n) {
    check(FloatProduct.class, Contractions.product(m, k, n, false, false));
    check(FloatProduct.class, Contractions.product(m, k, n, true, false));
    check(FloatProduct.class, Contractions.product(m, k, n, false, true));
    check(FloatProduct.class, Contractions.product(m, k, n, true, true));
  }

  @Test
  void multipliesBatchesOfMatricesAndLeavesWhatLiesBetween() {
    check(
        FloatProduct.class,
        Contractions.of(
            loop(3, 70, 80, 56), loop(7, 10, 0, 8), loop(8, 0, 1, 1), loop(10, 1, 8, 0)));
    int m = 5;
    int step = 11;
    Contraction gaps = Contractions.of(loop(m, 9, 0, step), loop(7, 0, 1, 1), loop(9, 1, 7, 0));
    float[] left = Contractions.random(gaps, Position::left, 1);
    float[] right = Contractions.random(gaps, Position::right, 2);
    var target = new float[m * step];
    Arrays.fill(target, 42);
    code(gaps).run(Workers.of(1)::runTasks, left, right, target);
    for (int row = 0; row < m; row++) {
      for (int column = 7; column < step; column++) {
        assertEquals(42, target[row * step + column]);
      }
    }
  }

  @Test
  void multipliesRowsOfSeveralDimsAsOne() {
    check(
        FloatProduct.class,
        Contractions.of(
            loop(3, 50, 0, 40), loop(5, 10, 0, 8), loop(8, 0, 1, 1), loop(10, 1, 8, 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "3,7,5,3,4,9,1",
    "5,14,14,5,32,64,1",
    "7,28,28,5,1,32,1",
    "2,9,8,3,8,16,2",
    "1,9,9,3,8,16,1",
    "40,5,3,2,3,5,3",
    "2,1,9,3,8,16,1"
  })
  void convolves(int images, int height, int width, int window, int channels, int results, int s) {
    var sizes = new Sizes(images, height, width, window, channels, results, s);
    check(Convolution.class, Contractions.convolution(sizes));
  }

  @ParameterizedTest
  @CsvSource({"3,8,7,3,5,9", "5,14,14,5,64,32", "21,9,9,3,16,8"})
  void convolvesBackToTheSource(int images, int h, int w, int window, int channels, int results) {
    check(
        Convolution.class,
        Contractions.sourceGradient(new Sizes(images, h, w, window, channels, results, 1)));
  }

  @ParameterizedTest
  @CsvSource({"3,7,5,3,4,9,1", "9,14,14,5,32,64,1", "7,28,28,5,1,32,1", "19,9,9,3,8,16,2"})
  void findsGradientsToWeights(
      int images, int height, int width, int window, int channels, int results, int stride) {
    var sizes = new Sizes(images, height, width, window, channels, results, stride);
    check(WeightGradient.class, Contractions.weightGradient(sizes));
  }

  @Test
  void knowsConvolutionsOfOneDim() {
    check(
        Convolution.class,
        Contractions.of(
            loop(4, 11 * 8, 0, 9 * 16),
            loop(9, 8, 0, 16),
            loop(16, 0, 1, 1),
            loop(3, 8, 8 * 16, 0),
            loop(8, 1, 16, 0)));
  }

  @Test
  void leavesToJavaWhatIsNeither() {
    Dnnl dnnl = library();
    // Every second number of left.
    Contraction strided =
        Contractions.of(loop(64, 128, 0, 64), loop(64, 0, 1, 1), loop(64, 2, 64, 0));
    assertTrue(OneDnn.code(dnnl, strided).isEmpty());
    // A convolution of every channel by itself.
    Contraction depthwise =
        Contractions.of(loop(4, 88, 0, 72), loop(9, 8, 0, 8), loop(8, 1, 1, 1), loop(3, 8, 8, 0));
    assertTrue(OneDnn.code(dnnl, depthwise).isEmpty());
  }

  @Test
  void takesOverByTypeAndSize() {
    assertTrue(PROVIDER.isFaster(Contractions.product(2048, 2048, 2048, false, false)));
    Contraction middling = Contractions.product(128, 784, 512, false, false);
    assertFalse(PROVIDER.isFaster(middling));
    assertTrue(PROVIDER.isFaster(Contractions.rounded(middling)));
    Contraction narrow = Contractions.product(100, 784, 10, false, false);
    assertFalse(PROVIDER.isFaster(Contractions.rounded(narrow)));
    var sizes = new Sizes(50, 14, 14, 5, 32, 64, 1);
    assertFalse(PROVIDER.isFaster(Contractions.convolution(sizes)));
    assertTrue(PROVIDER.isFaster(Contractions.rounded(Contractions.convolution(sizes))));
    assertTrue(PROVIDER.isFaster(Contractions.rounded(Contractions.weightGradient(sizes))));
    var many = new Sizes(64, 14, 14, 5, 32, 64, 1);
    assertTrue(PROVIDER.isFaster(Contractions.weightGradient(many)));
  }

  @Test
  void leavesEmptyOnesToJava() {
    Contraction product = Contractions.product(0, 512, 512, false, false);
    assertFalse(PROVIDER.isFaster(Contractions.rounded(product)));
    var none = new Sizes(0, 14, 14, 5, 32, 64, 1);
    assertFalse(PROVIDER.isFaster(Contractions.rounded(Contractions.convolution(none))));
  }

  @Test
  void standsAsideWhereThereIsNoLibrary() {
    var elsewhere = new OneDnn("Plan 9", "pdp11");
    assertFalse(elsewhere.isAvailable());
    assertTrue(elsewhere.compile(Contractions.product(2048, 2048, 2048, false, false)).isEmpty());
  }

  @Test
  void namesWhatFailedWithTheLibrarysWord() {
    Dnnl dnnl = library();
    var flat = Descriptor.of(dnnl, Layout.flat(DataType.FLOAT32, 3));
    var square =
        Descriptor.of(dnnl, Layout.of(DataType.FLOAT32, new long[] {3, 3}, new long[] {3, 1}));
    OneDnnException failure =
        assertThrows(OneDnnException.class, () -> Primitive.reorder(dnnl, flat, square));
    assertEquals("dnnl_reorder_primitive_desc_create: invalid_arguments", failure.getMessage());
  }
}
