package dev.millrace.profile;

import dev.millrace.cpu.KernelCompiler;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Measures {@link MachineLimits}. */
final class Calibration {
  /** Bytes of the three arrays of a triad on one thread; the last are beyond most caches. */
  private static final long[] TRIAD_BYTES = {24L << 10, 384L << 10, 6L << 20, 64L << 20};

  /** At most this part of the heap is used. */
  private static final int PART_OF_HEAP = 4;

  private static final int ARRAYS = 3;
  private static final long LEAST_NANOS = 12_000_000;
  private static final long BATCH_NANOS = 1_000_000;
  private static final long MOST_NANOS = 1_000_000_000;

  /** Batches without a better one after which the best counts. */
  private static final int SETTLED = 8;

  /** Operations per nanosecond that no code reaches before it is compiled for good. */
  private static final double COMPILED = 5;

  private static final float FACTOR = 0.5f;

  private Calibration() {}

  static MachineLimits measure(int threads) {
    double flops = multiplyAdds(threads);
    var bytes = new long[TRIAD_BYTES.length];
    var rates = new double[TRIAD_BYTES.length];
    long most = Runtime.getRuntime().maxMemory() / PART_OF_HEAP / threads;
    for (int i = 0; i < bytes.length; i++) {
      int elements = (int) (Math.min(TRIAD_BYTES[i], most) / ARRAYS / Float.BYTES);
      bytes[i] = (long) elements * ARRAYS * Float.BYTES * threads;
      rates[i] = together(threads, () -> best(new Triad(elements)));
    }
    // A smaller working set is at least as near as a larger one.
    for (int i = rates.length - 2; i >= 0; i--) {
      rates[i] = Math.max(rates[i], rates[i + 1]);
    }
    return new MachineLimits(threads, flops, bytes, rates);
  }

  /** The better one of two ways; no class that needs the vector module is touched without it. */
  private static double multiplyAdds(int threads) {
    becomesFast(new PlainPeak(), COMPILED);
    double plain = together(threads, () -> best(new PlainPeak()));
    if (!KernelCompiler.hasVectors() || !becomesFast(new VectorPeak(), plain / threads / 2)) {
      return plain;
    }
    return Math.max(plain, together(threads, () -> best(new VectorPeak())));
  }

  /** Whether the JVM compiles {@code work} in time: until it has, vectors are objects. */
  private static boolean becomesFast(Work work, double rate) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < MOST_NANOS) {
      if (rate(work) > rate) {
        return true;
      }
    }
    return false;
  }

  /** Something that counts what it does. */
  interface Work {
    /** Does some work and returns how many operations or bytes it was. */
    double run();
  }

  /** Sum of what {@code threads} threads measure at the same time. */
  private static double together(int threads, DoubleSupplier measurement) {
    var sum = new DoubleAdder();
    var start = new CyclicBarrier(threads);
    Supplier<Thread> worker =
        () ->
            Thread.ofPlatform()
                .daemon()
                .name("millrace-calibration")
                .start(() -> {
                  await(start);
                  sum.add(measurement.getAsDouble());
                });
    Thread[] all = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      all[i] = worker.get();
    }
    for (Thread thread : all) {
      join(thread);
    }
    return sum.sum();
  }

  private static void await(CyclicBarrier start) {
    try {
      start.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException("profile: the measurement was interrupted", e);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The best rate per nanosecond of batches, once it doesn't get better any more. */
  private static double best(Work work) {
    long start = System.nanoTime();
    double best = 0;
    int since = 0;
    while (true) {
      double rate = rate(work);
      since = rate > best * 1.02 ? 0 : since + 1;
      best = Math.max(best, rate);
      long passed = System.nanoTime() - start;
      if ((passed > LEAST_NANOS && since >= SETTLED) || passed > MOST_NANOS) {
        return best;
      }
    }
  }

  private static double rate(Work work) {
    long start = System.nanoTime();
    double done = 0;
    long passed;
    do {
      done += work.run();
      passed = System.nanoTime() - start;
    } while (passed < BATCH_NANOS);
    return done / passed;
  }

  /** {@code a = b + s * c} over whole arrays; the JVM makes vectors of it by itself. */
  private static final class Triad implements Work {
    private final float[] a;
    private final float[] b;
    private final float[] c;

    Triad(int elements) {
      a = new float[elements];
      b = new float[elements];
      c = new float[elements];
    }

    @Override
    public double run() {
      triad(a, b, c, FACTOR);
      return (double) ARRAYS * Float.BYTES * a.length;
    }

    private static void triad(float[] a, float[] b, float[] c, float factor) {
      for (int i = 0; i < a.length; i++) {
        a[i] = b[i] + factor * c[i];
      }
    }
  }

  /** Multiply-adds as plain code, of which the JVM makes vectors that are loaded and stored. */
  private static final class PlainPeak implements Work {
    private static final int ELEMENTS = 2048;
    private static final int STEPS = 16;

    private final float[] sums = new float[ELEMENTS];

    @Override
    public double run() {
      run(sums);
      return 2.0 * STEPS * ELEMENTS;
    }

    private static void run(float[] sums) {
      for (int i = 0; i < sums.length; i++) {
        float x = four(four(four(four(sums[i]))));
        sums[i] = x;
      }
    }

    private static float four(float x) {
      float two = Math.fma(Math.fma(x, FACTOR, 1f), FACTOR, 1f);
      return Math.fma(Math.fma(two, FACTOR, 1f), FACTOR, 1f);
    }
  }
}
