package dev.millrace.profile;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Multiply-adds in registers: twelve chains, more than a processor needs to be always busy. */
final class VectorPeak implements Calibration.Work {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int STEPS = 250;
  private static final int CHAINS = 12;

  private final float[] results = new float[SPECIES.length()];

  @Override
  public double run() {
    run(results);
    return 2.0 * CHAINS * STEPS * SPECIES.length();
  }

  private static void run(float[] results) {
    FloatVector factor = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector a = FloatVector.fromArray(SPECIES, results, 0);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = one;
    FloatVector h = one;
    FloatVector i = one;
    FloatVector j = one;
    FloatVector k = one;
    FloatVector l = one;
    for (int step = 0; step < STEPS; step++) {
      a = a.fma(factor, one);
      b = b.fma(factor, one);
      c = c.fma(factor, one);
      d = d.fma(factor, one);
      e = e.fma(factor, one);
      f = f.fma(factor, one);
      g = g.fma(factor, one);
      h = h.fma(factor, one);
      i = i.fma(factor, one);
      j = j.fma(factor, one);
      k = k.fma(factor, one);
      l = l.fma(factor, one);
    }
    FloatVector sum =
        a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l);
    sum.mul(0.1f).intoArray(results, 0);
  }
}
