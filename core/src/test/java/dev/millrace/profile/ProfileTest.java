package dev.millrace.profile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.op.Expr;
import dev.millrace.session.RunException;
import dev.millrace.session.Session;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session notes of its runs. */
class ProfileTest {
  private static final int WIDTH = 256;

  @TempDir Path folder;
  private final Graph graph = new Graph();
  private final Expr x = graph.placeholder(FLOAT32, Shape.of(ANY, WIDTH)).named("x");
  private final Expr hidden = tanh(matmul(x, graph.constant(ones(WIDTH, WIDTH)))).named("hidden");
  private final Expr result = matmul(hidden, graph.constant(ones(WIDTH, 2))).named("result");
  private final Session session = new Session(graph, 2);

  private Profile profiled(int... batches) {
    return session.profile(() -> {
      for (int batch : batches) {
        session.run(result, feed(x, ones(batch, WIDTH)));
      }
    });
  }

  @Test
  void countsCallsAndWorkOfEveryKernel() {
    session.run(result, feed(x, ones(8, WIDTH)));
    Profile profile = profiled(64, 32, 64);
    assertEquals(3, profile.runs());
    assertEquals(0, profile.compileNanos());
    assertEquals(2, profile.kernels().size());
    KernelProfile product =
        profile.kernels().stream().filter(k -> k.values().contains("hidden")).findFirst().get();
    assertEquals(3, product.calls());
    double rows = 64 + 32 + 64;
    assertEquals(rows * WIDTH * (2 * WIDTH + 1), product.cost().flop());
    assertEquals(4 * rows * WIDTH, product.cost().bytesWritten());
    assertEquals(4 * (rows * WIDTH + 3 * WIDTH * WIDTH), product.cost().bytesRead());
    assertTrue(product.line().matches("ProfileTest.java:\\d+"), product.line());
    long sum = profile.kernels().stream().mapToLong(KernelProfile::totalNanos).sum();
    assertTrue(sum > 0 && sum <= profile.runNanos() && profile.runNanos() <= profile.wallNanos());
    assertTrue(product.medianNanos() <= product.totalNanos());
  }

  @Test
  void aFirstRunIsCompiledAndTheMemoryIsThatOfTheLargestRun() {
    Profile profile = profiled(16, 4);
    assertTrue(profile.compileNanos() > 0);
    var function = session.function(List.of(x), List.of(result));
    long scratch = function.memoryBytes(16) - profile.memoryBytes();
    assertTrue(scratch >= 0 && scratch < 1 << 20, () -> "scratch of " + scratch + " bytes");
    assertEquals(4 * (16 * WIDTH * 2 + WIDTH * WIDTH + 2 * WIDTH + 16 * 2), profile.memoryBytes());
  }

  @Test
  void theTableHasAColumnForEachFigureAndTheKernelsByTime() {
    Profile profile = profiled(64);
    List<Long> times = profile.kernels().stream().map(KernelProfile::totalNanos).toList();
    assertEquals(times.stream().sorted(Comparator.reverseOrder()).toList(), times);
    List<String> lines = new ProfileTable(profile, limits()).toString().lines().toList();
    assertTrue(lines.getFirst().startsWith("1 runs in "), lines.getFirst());
    assertTrue(
        lines
            .get(1)
            .matches(
                " *time +total ms +calls +median us +MFLOP +MB +GFLOP/s +GB/s +of limit +form +"
                    + "kernel +line"),
        lines.get(1));
    assertEquals(5, lines.size());
    int column = lines.get(1).indexOf("kernel");
    for (String row : lines.subList(2, 4)) {
      assertEquals(' ', row.charAt(column - 1), row);
      assertTrue(row.startsWith("matmul", column) || row.startsWith("result", column), row);
    }
    assertTrue(lines.getLast().contains("Limit of 1 thread: 100 GFLOP/s, 10 GB/s from memory."));
  }

  private static MachineLimits limits() {
    return new MachineLimits(1, 100, new long[] {1000, 1_000_000}, new double[] {50, 10});
  }

  @Test
  void theShareOfTheLimitIsThatOfTheScarcerOne() {
    var busy =
        new KernelProfile(List.of("a"), "", "", 1, 20, 20, new KernelCost(1000, 0, 300, 200), 500);
    assertTrue(busy.isComputeBound(limits()));
    assertEquals(0.5, busy.shareOfLimit(limits()), 1e-12);
    var doubles =
        new KernelProfile(List.of("a"), "", "", 1, 20, 20, new KernelCost(1000, 1000, 0, 0), 0);
    assertEquals(1, doubles.shareOfLimit(limits()), 1e-12);
    var moving =
        new KernelProfile(
            List.of("a"), "", "", 1, 1000, 1000, new KernelCost(10, 0, 4000, 1000), 5000);
    assertFalse(moving.isComputeBound(limits()));
    assertEquals(0.5, moving.shareOfLimit(limits()), 1e-12);
  }

  @Test
  void theMachineIsMeasured() {
    MachineLimits machine = MachineLimits.measured(1);
    assertTrue(machine.gigaflops() > 0.01, () -> machine.gigaflops() + " GFLOP/s");
    assertTrue(machine.memoryGigabytes() > 0.01, () -> machine.memoryGigabytes() + " GB/s");
    assertTrue(machine.gigabytes(100) >= machine.memoryGigabytes());
    assertEquals(machine, MachineLimits.measured(1));
  }

  @Test
  void theTraceHasATrackForEachThreadWithEventsInsideOfEachOther() {
    Path file = folder.resolve("trace.json");
    profiled(512, 512, 512, 512).writeTrace(file);
    List<TraceEvent> events = TraceEvent.read(file);
    Set<String> tracks =
        events.stream()
            .filter(e -> e.name().equals("thread_name"))
            .map(TraceEvent::argument)
            .collect(Collectors.toSet());
    assertTrue(tracks.contains(Thread.currentThread().getName()), tracks::toString);
    List<TraceEvent> runs = events.stream().filter(e -> e.category().equals("run")).toList();
    List<TraceEvent> kernels = events.stream().filter(e -> e.category().equals("kernel")).toList();
    List<TraceEvent> chunks = events.stream().filter(e -> e.category().equals("chunk")).toList();
    assertEquals(5, runs.size(), "four runs and a compilation");
    assertEquals(8, kernels.size());
    assertTrue(chunks.size() >= kernels.size());
    for (TraceEvent kernel : kernels) {
      assertTrue(runs.stream().anyMatch(run -> run.contains(kernel)), kernel::toString);
    }
    for (TraceEvent chunk : chunks) {
      assertTrue(
          kernels.stream().anyMatch(k -> k.contains(chunk) && k.name().equals(chunk.name())),
          chunk::toString);
    }
  }

  @Test
  void aTraceThatCannotBeWrittenIsAnError() {
    Path nowhere = folder.resolve("no/such/folder/trace.json");
    Profile profile = profiled(1);
    String text =
        assertThrows(MillraceException.class, () -> profile.writeTrace(nowhere)).getMessage();
    assertTrue(text.startsWith("profile: cannot write the trace " + nowhere + ": "), text);
  }

  @Test
  void profilingHasABeginningAndAnEnd() {
    assertEquals(
        "profile: the session is not being profiled; start that first",
        assertThrows(RunException.class, session::stopProfile).getMessage());
    session.startProfile();
    assertEquals(
        "profile: the session is being profiled already; stop that first",
        assertThrows(RunException.class, session::startProfile).getMessage());
    assertEquals(0, session.stopProfile().runs());
    assertThrows(
        IllegalStateException.class,
        () ->
            session.profile(() -> {
              throw new IllegalStateException();
            }));
    assertEquals(1, profiled(1).runs());
  }

  @Test
  void resultsAreTheSameWhileProfiled() {
    Tensor before = session.run(result, feed(x, ones(40, WIDTH)));
    session.startProfile();
    assertEquals(before, session.run(result, feed(x, ones(40, WIDTH))));
    session.stopProfile();
  }

  @Test
  void theMedianOfMoreCallsThanAreKeptIsStillOneOfThem() {
    var samples = new Samples();
    for (int i = 1; i <= 100_000; i++) {
      samples.add(i);
    }
    assertEquals(100_000, samples.count());
    assertEquals(100_000L * 100_001 / 2, samples.total());
    long median = samples.median();
    assertTrue(Math.abs(median - 50_000) <= 20, () -> "median " + median);
  }
}
