package dev.millrace.kernel;

/**
 * The error function, the normal distribution function and their kin, which the JDK lacks.
 *
 * <p>erf and erfc are the rational minimax approximations of W. J. Cody, "Rational Chebyshev
 * approximations for the error function", Math. Comp. 23 (1969); ndtri is algorithm AS 241 (PPND16)
 * of M. J. Wichura, Applied Statistics 37 (1988). Polynomials are listed from the constant term up.
 */
public final class SpecialFunctions {
  private static final double SQRT_HALF = 0.7071067811865476;
  private static final double ONE_OVER_SQRT_PI = 0.5641895835477563;

  /** Below this erf is computed, above it erfc; the other one is 1 minus that. */
  private static final double ERF_LIMIT = 0.46875;

  private static final double[] ERF_NUMERATOR = {
    3209.3775891384694,
    377.485237685302,
    113.86415415105016,
    3.1611237438705655,
    0.18577770618460315
  };
  private static final double[] ERF_DENOMINATOR = {
    2844.236833439171, 1282.6165260773723, 244.02463793444417, 23.601290952344122, 1.0
  };
  private static final double[] ERFC_NUMERATOR = {
    1230.3393547979972, 2051.0783778260716, 1712.0476126340707,
    881.952221241769, 298.6351381974001, 66.11919063714163,
    8.883149794388377, 0.5641884969886701, 2.1531153547440383e-8
  };
  private static final double[] ERFC_DENOMINATOR = {
    1230.3393548037495, 3439.3676741437216, 4362.619090143247,
    3290.7992357334597, 1621.3895745666903, 537.1811018620099,
    117.6939508913125, 15.744926110709835, 1.0
  };
  private static final double[] TAIL_NUMERATOR = {
    0.0006587491615298378, 0.016083785148742275, 0.12578172611122926,
    0.36034489994980445, 0.30532663496123236, 0.016315387137302097
  };
  private static final double[] TAIL_DENOMINATOR = {
    0.0023352049762686918, 0.06051834131244132, 0.5279051029514285,
    1.8729528499234604, 2.568520192289822, 1.0
  };

  /** Distance from p = 1/2 up to which ndtri is one rational function of p. */
  private static final double CENTRE = 0.425;

  private static final double[] CENTRE_NUMERATOR = {
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
    45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227
  };
  private static final double[] CENTRE_DENOMINATOR = {
    1.0, 42.31333070160091, 687.1870074920579, 5394.196021424751,
    21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854
  };
  private static final double[] NEAR_NUMERATOR = {
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
    1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414
  };
  private static final double[] NEAR_DENOMINATOR = {
    1.0, 2.053191626637759, 1.6763848301838038, 0.6897673349851,
    0.14810397642748008, 0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9
  };
  private static final double[] FAR_NUMERATOR = {
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
    0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7
  };
  private static final double[] FAR_DENOMINATOR = {
    1.0, 0.599832206555888, 0.1369298809227358, 0.014875361290850615,
    0.0007868691311456133, 1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15
  };

  private SpecialFunctions() {}

  /**
   * Error function, {@code 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0 to x; odd,
   * and it keeps -0. NaN gives NaN. Relative error below 1e-15.
   */
  public static double erf(double x) {
    double y = Math.abs(x);
    return y <= ERF_LIMIT ? erfNearZero(x) : Math.copySign(1 - upperErfc(y), x);
  }

  /**
   * Complement of the error function, {@code 1 - erf(x)}, without the cancellation; 0 above 27.3.
   * NaN gives NaN. Relative error below 1e-15 where the result is normal.
   */
  public static double erfc(double x) {
    double y = Math.abs(x);
    if (y <= ERF_LIMIT) {
      return 1 - erfNearZero(x);
    }
    double upper = upperErfc(y);
    return x < 0 ? 2 - upper : upper;
  }

  /**
   * Normal distribution function: the probability that a standard normal variable is below x. 0 at
   * minus infinity, 1 at infinity; NaN gives NaN. Relative error below 1e-15 where the result is
   * normal.
   */
  public static double ndtr(double x) {
    double y = Math.abs(x) * SQRT_HALF;
    if (y <= ERF_LIMIT) {
      return 0.5 + 0.5 * erfNearZero(x * SQRT_HALF);
    }
    double tail = 0.5 * gauss(Math.abs(x), 0.5) * scaledErfc(y);
    return x > 0 ? 1 - tail : tail;
  }

  /**
   * Inverse of {@link #ndtr}: the x below which a standard normal variable lies with probability p.
   * Minus infinity at 0, infinity at 1, NaN outside [0, 1] and for NaN. Relative error below 1e-15;
   * towards 1 it is the spacing of p that limits which x can be asked for.
   */
  public static double ndtri(double p) {
    double q = p - 0.5;
    if (Math.abs(q) <= CENTRE) {
      return nearMedian(q);
    }
    if (!(p > 0 && p < 1)) {
      return p == 0 ? Double.NEGATIVE_INFINITY : p == 1 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    return Math.copySign(tailQuantile(Math.min(p, 1 - p)), q);
  }

  /** ndtri at 1/2 + q. */
  private static double nearMedian(double q) {
    double r = CENTRE * CENTRE - q * q;
    return q * polynomial(CENTRE_NUMERATOR, r) / polynomial(CENTRE_DENOMINATOR, r);
  }

  /** Distance from 0 beyond which a standard normal variable lies on one side. */
  private static double tailQuantile(double probability) {
    double r = Math.sqrt(-Math.log(probability));
    return r <= 5
        ? polynomial(NEAR_NUMERATOR, r - 1.6) / polynomial(NEAR_DENOMINATOR, r - 1.6)
        : polynomial(FAR_NUMERATOR, r - 5) / polynomial(FAR_DENOMINATOR, r - 5);
  }

  /**
   * Inverse of {@link #erf}. Minus infinity at -1, infinity at 1, NaN outside [-1, 1] and for NaN;
   * it keeps -0. Relative error below 1e-15.
   */
  public static double erfinv(double y) {
    double q = y / 2;
    if (Math.abs(q) <= CENTRE) {
      return SQRT_HALF * nearMedian(q);
    }
    double rest = 1 - Math.abs(y);
    if (!(rest > 0)) {
      return rest == 0 ? Math.copySign(Double.POSITIVE_INFINITY, y) : Double.NaN;
    }
    return Math.copySign(SQRT_HALF * tailQuantile(rest / 2), y);
  }

  /** {@link #ndtri(double)} of a float32, rounded once. */
  public static float ndtri(float p) {
    return (float) ndtri((double) p);
  }

  private static double erfNearZero(double x) {
    double z = x * x;
    return x * (polynomial(ERF_NUMERATOR, z) / polynomial(ERF_DENOMINATOR, z));
  }

  /** erfc of {@code y > ERF_LIMIT}, or of NaN. */
  private static double upperErfc(double y) {
    return gauss(y, 1) * scaledErfc(y);
  }

  /** {@code exp(y^2) * erfc(y)} for {@code y > ERF_LIMIT}; varies slowly, as 1/y in the end. */
  private static double scaledErfc(double y) {
    if (y <= 4) {
      return polynomial(ERFC_NUMERATOR, y) / polynomial(ERFC_DENOMINATOR, y);
    }
    double z = 1 / (y * y);
    double rest = z * polynomial(TAIL_NUMERATOR, z) / polynomial(TAIL_DENOMINATOR, z);
    return (ONE_OVER_SQRT_PI - rest) / y;
  }

  /**
   * {@code exp(-scale * y^2)}. The rounding error of y^2 would be multiplied by y^2, so y is split
   * into a multiple of 1/16, whose square is exact, and a rest.
   */
  private static double gauss(double y, double scale) {
    if (y > 64) {
      return 0;
    }
    double head = Math.rint(y * 16) / 16;
    double rest = (y - head) * (y + head);
    return Math.exp(-scale * head * head) * Math.exp(-scale * rest);
  }

  static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = Math.fma(sum, x, coefficients[i]);
    }
    return sum;
  }
}
