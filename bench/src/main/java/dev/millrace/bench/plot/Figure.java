package dev.millrace.bench.plot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Plots side by side in one SVG file. */
public final class Figure {
  private static final int WIDTH = 450;
  private static final int HEIGHT = 340;
  private static final int LEFT = 76;
  private static final int RIGHT = 20;
  private static final int TOP = 60;
  private static final int LEGEND = 46;
  private static final int BOTTOM = 54;

  /** Told apart by people who see few colours: Okabe and Ito, "Color universal design", 2008. */
  private static final List<String> COLORS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7");

  /** Width of a letter on the average. */
  private static final double LETTER = 6.1;

  private static final String COMPARISON = "#8a8a8a";
  private static final String INK = "#333333";
  private static final String GRID = "#e4e4e4";

  private final StringBuilder svg = new StringBuilder();

  private Figure() {}

  /**
   * Writes {@code plots} from left to right.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, List<Plot> plots) throws IOException {
    var figure = new Figure();
    figure.add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"system-ui, Helvetica, Arial, sans-serif\" font-size=\"12\">",
        WIDTH * plots.size(), HEIGHT);
    figure.add("<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"#ffffff\"/>");
    for (int i = 0; i < plots.size(); i++) {
      figure.add("<g transform=\"translate(%d 0)\">", i * WIDTH);
      figure.draw(plots.get(i));
      figure.add("</g>");
    }
    figure.add("</svg>");
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    Files.writeString(file, figure.svg);
  }

  private void add(String line, Object... arguments) {
    svg.append(String.format(Locale.ROOT, line, arguments)).append('\n');
  }

  private void draw(Plot plot) {
    text((LEFT + WIDTH - RIGHT) / 2.0, 24, "middle", "14", plot.title());
    yAxis(plot);
    xAxis(plot);
    int measured = 0;
    for (Series series : plot.series()) {
      String color = series.isMeasured() ? COLORS.get(measured++ % COLORS.size()) : COMPARISON;
      line(plot, series, color);
    }
    legend(plot);
  }

  private static double x(Plot plot, double value) {
    return LEFT + plot.xExtent().place(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Plot plot, double value) {
    return HEIGHT - BOTTOM - plot.yExtent().place(value) * (HEIGHT - TOP - BOTTOM);
  }

  private void yAxis(Plot plot) {
    Plot.Extent extent = plot.yExtent();
    for (double tick : plot.yUnit().ticks(extent.least(), extent.greatest())) {
      double y = y(plot, tick);
      rule(LEFT, y, WIDTH - RIGHT, y, GRID);
      text(LEFT - 8, y + 4, "end", "12", plot.yUnit().format(tick));
    }
  }

  private void xAxis(Plot plot) {
    Plot.Extent extent = plot.xExtent();
    double bottom = HEIGHT - BOTTOM;
    for (double tick : plot.xUnit().ticks(extent.least(), extent.greatest())) {
      double x = x(plot, tick);
      rule(x, TOP, x, bottom, GRID);
      rule(x, bottom, x, bottom + 5, INK);
      text(x, bottom + 19, "middle", "12", plot.xUnit().format(tick));
    }
    rule(LEFT, bottom, WIDTH - RIGHT, bottom, INK);
    rule(LEFT, TOP, LEFT, bottom, INK);
    text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", "12", plot.xLabel());
  }

  /** The plot's frame cuts off comparisons that leave it. */
  private void line(Plot plot, Series series, String color) {
    var points = new StringBuilder();
    for (Series.Point point : series.points()) {
      points.append(
          String.format(Locale.ROOT, "%.1f,%.1f ", x(plot, point.x()), y(plot, point.y())));
    }
    add("<svg x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\">", TOP, WIDTH, HEIGHT - BOTTOM - TOP + 4);
    add(
        "<polyline transform=\"translate(0 %d)\" points=\"%s\" fill=\"none\" stroke=\"%s\""
            + " stroke-width=\"2\"%s/>",
        -TOP, points.toString().strip(), color, dashes(series));
    add("</svg>");
    if (series.isMeasured()) {
      for (Series.Point point : series.points()) {
        add(
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\" fill=\"%s\"/>",
            x(plot, point.x()), y(plot, point.y()), color);
      }
    }
  }

  /** In one row above the plot, where no line can be. */
  private void legend(Plot plot) {
    double width = plot.series().stream().mapToDouble(Figure::legendWidth).sum();
    double left = Math.max(8, (LEFT + WIDTH - RIGHT - width) / 2);
    int measured = 0;
    for (Series series : plot.series()) {
      String color = series.isMeasured() ? COLORS.get(measured++ % COLORS.size()) : COMPARISON;
      add(
          "<path d=\"M%.1f %d h22\" stroke=\"%s\" stroke-width=\"2\"%s/>",
          left, LEGEND - 4, color, dashes(series));
      text(left + 27, LEGEND, "start", "12", series.name());
      left += legendWidth(series);
    }
  }

  private static double legendWidth(Series series) {
    return 42 + LETTER * series.name().length();
  }

  private static String dashes(Series series) {
    return series.isMeasured() ? "" : " stroke-dasharray=\"5 4\"";
  }

  private void rule(double x1, double y1, double x2, double y2, String color) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
        x1, y1, x2, y2, color);
  }

  private void text(double x, double y, String anchor, String size, String words) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%s\" fill=\"%s\">%s</text>",
        x, y, anchor, size, INK, words.replace("&", "&amp;").replace("<", "&lt;"));
  }
}
