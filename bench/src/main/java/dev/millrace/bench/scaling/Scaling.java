package dev.millrace.bench.scaling;

import dev.millrace.bench.plot.Figure;
import dev.millrace.bench.plot.Plot;
import dev.millrace.bench.plot.Series;
import dev.millrace.bench.plot.Unit;
import dev.millrace.bench.workload.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Measures training steps of growing size and draws what they take: seconds and bytes against the
 * size of a batch, the width of a layer, the number of nodes and the number of threads.
 */
public final class Scaling {
  private final Setting setting;
  private final Path folder;

  /** Pictures go into the setting's folder. */
  public Scaling(Setting setting) {
    this.setting = setting;
    this.folder = setting.out();
  }

  /**
   * Measures and draws those that are wanted.
   *
   * @throws IOException if a picture cannot be written
   */
  public void run() throws IOException {
    if (isWanted("batch")) {
      int[] sizes = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096};
      draw("batch", Family.BATCH, "images in a batch", sizes);
    }
    if (isWanted("width")) {
      int[] sizes = {16, 32, 64, 128, 256, 512, 1024, 2048, 4096};
      draw("width", Family.WIDTH, "units of the hidden layer", sizes);
    }
    if (isWanted("nodes")) {
      drawNodes(10, 30, 100, 300, 1000, 3000, 10_000, 20_000);
    }
    if (isWanted("threads")) {
      drawThreads();
    }
  }

  private boolean isWanted(String figure) {
    return setting.only().matcher(figure).find();
  }

  private void draw(String name, Family family, String what, int... sizes) throws IOException {
    List<Sample> samples = samples(family, sizes);
    Series step = series("training step", samples, Sample::step);
    Series bytes = series("held between steps", samples, Sample::bytes);
    Figure.write(
        folder.resolve(name + ".svg"),
        List.of(
            plot("Time", what, Unit.SECONDS, step, proportion(step)),
            plot("Memory", what, Unit.BYTES, bytes, proportion(bytes))));
  }

  private void drawNodes(int... sizes) throws IOException {
    List<Sample> samples = samples(Family.NODES, sizes);
    String what = "nodes of the forward pass";
    Series step = series("training step", samples, Sample::step);
    Series start = series("first step, from nothing", samples, Sample::start);
    Series bytes = series("held between steps", samples, Sample::bytes);
    Figure.write(
        folder.resolve("nodes.svg"),
        List.of(
            plot("Time", what, Unit.SECONDS, start, step, proportion(step)),
            plot("Memory", what, Unit.BYTES, bytes, proportion(bytes))));
  }

  /** Up to twice as many threads as there are processors: more must not hurt much. */
  private void drawThreads() throws IOException {
    int most = 2 * Runtime.getRuntime().availableProcessors();
    int[] sizes = IntStream.of(1, 2, 3, 4, 6, 8, 12, 16, 32, 64).filter(n -> n <= most).toArray();
    Series small = series("batch of 128", samples(Family.THREADS_128, sizes), Sample::step);
    Series large = series("batch of 1024", samples(Family.THREADS_1024, sizes), Sample::step);
    Series even = Series.inProportion("shared out evenly", large, -1);
    Figure.write(
        folder.resolve("threads.svg"),
        List.of(plot("Time of a training step", "threads", Unit.SECONDS, large, small, even)));
  }

  private List<Sample> samples(Family family, int... sizes) throws IOException {
    var samples = new ArrayList<Sample>();
    for (int size : sizes) {
      if (size <= setting.most()) {
        samples.add(Sample.inNewJvm(family, size, setting.threads()));
      }
    }
    return samples;
  }

  private static Series series(String name, List<Sample> samples, ToDoubleFunction<Sample> what) {
    return Series.measured(
        name,
        samples.stream().map(s -> new Series.Point(s.size(), what.applyAsDouble(s))).toList());
  }

  private static Series proportion(Series measured) {
    return Series.inProportion("in proportion", measured, 1);
  }

  private static Plot plot(String title, String what, Unit unit, Series... series) {
    return new Plot(title, what, Unit.COUNT, unit, List.of(series));
  }
}
