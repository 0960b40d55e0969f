package dev.millrace.bench.plot;

import java.util.List;

/**
 * Lines over two logarithmic axes.
 *
 * @param title what is to be seen, above the plot
 * @param xLabel what runs along the horizontal axis
 */
public record Plot(String title, String xLabel, Unit xUnit, Unit yUnit, List<Series> series) {
  private static final double ROOM = 1.25;

  /** A plot of at least one series with a point. */
  public Plot {
    series = List.copyOf(series);
    if (series.stream().allMatch(one -> one.points().isEmpty())) {
      throw new IllegalArgumentException("plot: a point is wanted in '" + title + "'");
    }
  }

  private double[] xs() {
    return series.stream()
        .flatMap(one -> one.points().stream())
        .mapToDouble(Series.Point::x)
        .toArray();
  }

  /** Comparisons may leave the plot: what was measured decides about its extent. */
  private double[] ys() {
    return series.stream()
        .filter(Series::isMeasured)
        .flatMap(one -> one.points().stream())
        .mapToDouble(Series.Point::y)
        .toArray();
  }

  private static Extent extent(double[] values, double room) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = 0;
    for (double value : values) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    return new Extent(least / room, greatest * room);
  }

  Extent xExtent() {
    return extent(xs(), 1);
  }

  Extent yExtent() {
    return extent(ys(), ROOM);
  }

  /** From where to where an axis reaches. */
  record Extent(double least, double greatest) {
    /** Where {@code value} lies: 0 at the least, 1 at the greatest. */
    double place(double value) {
      return greatest == least ? 0.5 : Math.log(value / least) / Math.log(greatest / least);
    }
  }
}
