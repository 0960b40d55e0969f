package dev.millrace.op;

import static dev.millrace.op.OpList.function;
import static dev.millrace.op.OpList.shape;
import static dev.millrace.op.OpList.within;
import static dev.millrace.tensor.Shape.ANY;

import java.util.List;

/**
 * The lines of {@link OpList} for Fourier transforms and draws by rejection. Draws of gamma have
 * derivatives, but change by leaps where another number is rejected.
 */
final class FourierEntries {
  private FourierEntries() {}

  static List<OpList.Entry> all() {
    return List.of(
        function("fft", x -> fft(false, x).real(), OpList.values(ANY, 4), OpList.values(ANY, 4)),
        function(
            "fft", x -> fft(false, x).imaginary(), OpList.values(2, ANY), OpList.values(2, ANY)),
        function(
            "ifft", x -> fft(true, x).imaginary(), OpList.values(3, ANY), OpList.values(3, ANY)),
        function("gamma", x -> DistributionFunctions.gamma(x.get(0)), shape(ANY)),
        function("poisson", x -> DistributionFunctions.poisson(x.get(0)), within(0, 5, ANY)),
        function(
            "binomial",
            x -> DistributionFunctions.binomial(x.get(0), x.get(1)),
            within(0, 5, ANY),
            within(0, 1, ANY)));
  }

  private static Complex fft(boolean inverse, List<Expr> x) {
    return new Fft(inverse).of(new Complex(x.get(0), x.get(1)));
  }
}
