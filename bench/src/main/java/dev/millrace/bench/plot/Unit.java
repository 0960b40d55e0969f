package dev.millrace.bench.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the numbers of an axis count: where its ticks are, and how they are written. */
public enum Unit {
  /** Things: 1, 4, 16, ... or 10, 100, ... */
  COUNT {
    @Override
    String format(double value) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }

    @Override
    List<Double> ticks(double least, double greatest) {
      if (greatest / least < 20) {
        return powers(least, greatest, 2);
      }
      List<Double> tens = powers(least, greatest, 10);
      return tens.size() > 1 && tens.getFirst() == least && least > 1
          ? tens
          : powers(least, greatest, 4);
    }
  },

  /** Seconds: 1 µs, 10 µs, ... */
  SECONDS {
    @Override
    String format(double value) {
      if (value < 0.99e-3) {
        return number(value * 1e6) + " µs";
      }
      return value < 0.99 ? number(value * 1e3) + " ms" : number(value) + " s";
    }

    @Override
    List<Double> ticks(double least, double greatest) {
      List<Double> tens = powers(least, greatest, 10);
      if (tens.size() > 2) {
        return tens;
      }
      var finer = new ArrayList<Double>();
      for (double decade : powers(least / 10, greatest, 10)) {
        for (double tick : new double[] {decade, 2 * decade, 5 * decade}) {
          if (tick > least * 0.999 && tick < greatest * 1.001) {
            finer.add(tick);
          }
        }
      }
      return finer;
    }
  },

  /** Bytes: 1 KiB, 16 KiB, ... */
  BYTES {
    private static final String[] NAMES = {"B", "KiB", "MiB", "GiB", "TiB"};

    @Override
    String format(double value) {
      int name = 0;
      double rest = value;
      while (rest >= 1024 && name + 1 < NAMES.length) {
        rest /= 1024;
        name++;
      }
      return number(rest) + " " + NAMES[name];
    }

    @Override
    List<Double> ticks(double least, double greatest) {
      return powers(least, greatest, greatest / least < 100 ? 2 : 4);
    }
  };

  /** The number as a tick's label. */
  abstract String format(double value);

  /** Ticks of a logarithmic axis from {@code least} to {@code greatest}. */
  abstract List<Double> ticks(double least, double greatest);

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value)
        .replaceFirst("(\\.\\d*?)0+$", "$1")
        .replaceFirst("\\.$", "");
  }

  private static List<Double> powers(double least, double greatest, double base) {
    var powers = new ArrayList<Double>();
    int exponent = (int) Math.ceil(Math.log(least) / Math.log(base) - 1e-6);
    for (double p = Math.pow(base, exponent); p <= greatest * 1.001; p *= base) {
      powers.add(p);
    }
    return powers;
  }
}
