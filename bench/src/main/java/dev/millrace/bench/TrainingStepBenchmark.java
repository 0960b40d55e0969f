package dev.millrace.bench;

import static dev.millrace.Ops.*;

import dev.millrace.data.DrawnDigits;
import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.session.CompiledFunction;
import dev.millrace.session.Feeds;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.GradientDescentOptimizer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One training step of the tutorial's softmax regression at batch 100; {@code -prof gc} shows that
 * it allocates nothing but what it returns.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class TrainingStepBenchmark {
  private static final int BATCH = 100;

  /** Threads of the session. */
  @Param({"1", "2"})
  private int threads;

  private Session session;
  private Action trainStep;
  private Feeds feeds;
  private CompiledFunction step;
  private Tensor images;
  private Tensor labels;

  /** Builds the tutorial's graph and takes one batch. */
  @Setup
  public void build() {
    var g = new Graph();
    var x = g.placeholder(FLOAT32, Shape.of(ANY, 784));
    var W = g.variable(zeros(784, 10));
    var b = g.variable(zeros(10));
    var y = softmax(matmul(x, W).plus(b));
    var y_ = g.placeholder(FLOAT32, Shape.of(ANY, 10));
    var crossEntropy = reduceSum(y_.times(log(y))).negate();
    trainStep = new GradientDescentOptimizer(0.01).minimize(crossEntropy);
    session = new Session(g, threads);
    session.run(g.initializeAllVariables());
    var batch = DrawnDigits.dataSets(1, 1000, 100, ONE_HOT).train().nextBatch(BATCH);
    images = batch.images();
    labels = batch.labels();
    feeds = feed(x, images, y_, labels);
    step = session.function(trainStep, List.of(x, y_), List.of());
  }

  /** A run with feeds, as in the tutorial. */
  @Benchmark
  public void run() {
    session.run(trainStep, feeds);
  }

  /** A prepared call. */
  @Benchmark
  public Object function() {
    return step.run(images, labels);
  }
}
