package dev.millrace.bench;

import dev.millrace.cpu.ScalarMath;
import dev.millrace.cpu.VectorMath;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds an element of exp, log and tanh over an array in the first cache: the scalar and the
 * vector form of the library, the JDK's scalar functions in double, and the JDK's vector operations
 * (which call a native library where there is one).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(MathBenchmark.SIZE)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MathBenchmark {
  static final int SIZE = 2048;
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private final float[] x = new float[SIZE];
  private final float[] y = new float[SIZE];

  /** Numbers in (0, 8), where none of the functions is trivial for all of them. */
  @Setup
  public void fill() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < SIZE; i++) {
      x[i] = (float) random.nextDouble(0x1p-20, 8);
    }
  }

  /** {@link ScalarMath#exp}. */
  @Benchmark
  public float[] expScalar() {
    for (int i = 0; i < SIZE; i++) {
      y[i] = ScalarMath.exp(x[i]);
    }
    return y;
  }

  /** {@link VectorMath#exp}. */
  @Benchmark
  public float[] expVector() {
    return mapped(VectorMath::exp);
  }

  /** {@link Math#exp}. */
  @Benchmark
  public float[] expJdk() {
    for (int i = 0; i < SIZE; i++) {
      y[i] = (float) Math.exp(x[i]);
    }
    return y;
  }

  /** {@link VectorOperators#EXP}. */
  @Benchmark
  public float[] expJdkVector() {
    return mapped(v -> v.lanewise(VectorOperators.EXP));
  }

  /** {@link ScalarMath#log}. */
  @Benchmark
  public float[] logScalar() {
    for (int i = 0; i < SIZE; i++) {
      y[i] = ScalarMath.log(x[i]);
    }
    return y;
  }

  /** {@link VectorMath#log}. */
  @Benchmark
  public float[] logVector() {
    return mapped(VectorMath::log);
  }

  /** {@link Math#log}. */
  @Benchmark
  public float[] logJdk() {
    for (int i = 0; i < SIZE; i++) {
      y[i] = (float) Math.log(x[i]);
    }
    return y;
  }

  /** {@link VectorOperators#LOG}. */
  @Benchmark
  public float[] logJdkVector() {
    return mapped(v -> v.lanewise(VectorOperators.LOG));
  }

  /** {@link ScalarMath#tanh}. */
  @Benchmark
  public float[] tanhScalar() {
    for (int i = 0; i < SIZE; i++) {
      y[i] = ScalarMath.tanh(x[i]);
    }
    return y;
  }

  /** {@link VectorMath#tanh}. */
  @Benchmark
  public float[] tanhVector() {
    return mapped(VectorMath::tanh);
  }

  /** {@link Math#tanh}. */
  @Benchmark
  public float[] tanhJdk() {
    for (int i = 0; i < SIZE; i++) {
      y[i] = (float) Math.tanh(x[i]);
    }
    return y;
  }

  /** {@link VectorOperators#TANH}. */
  @Benchmark
  public float[] tanhJdkVector() {
    return mapped(v -> v.lanewise(VectorOperators.TANH));
  }

  /**
   * One fork runs one benchmark, so that C2 sees one function here and inlines it. Compiled on its
   * own as a kernel is: within the harness's loop it would pass C2's limit for inlining.
   */
  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private float[] mapped(UnaryOperator<FloatVector> function) {
    for (int i = 0; i < SIZE; i += SPECIES.length()) {
      function.apply(FloatVector.fromArray(SPECIES, x, i)).intoArray(y, i);
    }
    return y;
  }
}
