package dev.millrace.cpu;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.IndexException;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pool of threads that runs kernels. */
@Tag("kernels")
class WorkersTest {
  private static final int TASKS = 1000;
  private static final int[] NO_DIMS = {};

  /** Counts in its buffer how often each task is run. */
  private static void count(Object[] buffers, int[] dims, int begin, int end) {
    for (int task = begin; task < end; task++) {
      ((AtomicIntegerArray) buffers[0]).incrementAndGet(task);
    }
  }

  private static void runsEachTaskOnce(Workers workers, int tasks, int chunk) {
    var counts = new AtomicIntegerArray(tasks);
    workers.run(WorkersTest::count, new Object[] {counts}, NO_DIMS, tasks, chunk);
    for (int task = 0; task < tasks; task++) {
      assertEquals(1, counts.get(task), "task " + task + " of " + tasks + " in " + chunk);
    }
  }

  @Test
  void eachTaskRunsOnceInChunksOfAnySize() {
    for (int threads : new int[] {1, 2, 3, 8}) {
      for (int tasks : new int[] {1, 2, 7, 100, TASKS}) {
        for (int chunk : new int[] {1, 3, 64, TASKS}) {
          runsEachTaskOnce(Workers.of(threads), tasks, chunk);
        }
      }
    }
  }

  @Test
  void manyShortRunsInARowLoseNoTask() {
    Workers workers = Workers.of(3);
    for (int i = 0; i < 20_000; i++) {
      runsEachTaskOnce(workers, 1 + i % 9, 1);
    }
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() {
    var graph = new Graph();
    var x = graph.placeholder(FLOAT32, Shape.of(ANY, 300));
    var w = graph.constant(numbers(300, 70));
    var y = softmax(matmul(x, w));
    var fetches = List.of(y, reduceSum(y, 0), reduceSum(y), gradient(reduceSum(log(y)), x));
    Tensor data = numbers(501, 300);
    List<Tensor> expected = new Session(graph, 1).run(fetches, feed(x, data));
    for (int threads : new int[] {2, 3, 8}) {
      var session = new Session(graph, threads);
      for (int run = 0; run < 20; run++) {
        assertEquals(expected, session.run(fetches, feed(x, data)), threads + " threads");
      }
    }
  }

  private static Tensor numbers(long... dims) {
    var graph = new Graph(7);
    return new Session(graph, 1).run(uniform(graph, Shape.of(dims), -1, 1));
  }

  @Test
  void theNumberOfThreadsIsChecked() {
    for (int threads : new int[] {0, -1, 1025}) {
      assertEquals(
          "workers: threads must be 1 to 1024, found " + threads,
          assertThrows(IllegalArgumentException.class, () -> Workers.of(threads)).getMessage());
    }
    assertSame(Workers.of(3), Workers.of(3));
    assertEquals(3, Workers.of(3).threads());
  }

  private static KernelCode throwing(int wrongTask, Supplier<Throwable> failure) {
    return (buffers, dims, begin, end) -> {
      if (begin <= wrongTask && wrongTask < end) {
        switch (failure.get()) {
          case RuntimeException e -> throw e;
          case Error e -> throw e;
          case Throwable e -> throw new AssertionError(e);
        }
      }
    };
  }

  @Test
  void anExceptionReachesTheCallerAndThePoolGoesOn() {
    var wrongIndex = new IndexException("index 9 is outside of [0, 9)");
    var deep = new StackOverflowError();
    for (int threads : new int[] {1, 2, 3, 8}) {
      Workers workers = Workers.of(threads);
      for (int wrongTask : new int[] {0, 37, TASKS - 1}) {
        KernelCode failing = throwing(wrongTask, () -> wrongIndex);
        assertSame(
            wrongIndex,
            assertThrows(
                IndexException.class,
                () -> workers.run(failing, new Object[0], NO_DIMS, TASKS, 5)));
        runsEachTaskOnce(workers, TASKS, 5);
        KernelCode overflowing = throwing(wrongTask, () -> deep);
        assertSame(
            deep,
            assertThrows(
                StackOverflowError.class,
                () -> workers.run(overflowing, new Object[0], NO_DIMS, TASKS, 5)));
        runsEachTaskOnce(workers, TASKS, 5);
      }
    }
  }

  @Test
  void severalCallersAtOnceGetAllTheirTasksDone() throws Exception {
    Workers workers = Workers.of(3);
    Callable<Void> caller =
        () -> {
          for (int i = 0; i < 2000; i++) {
            runsEachTaskOnce(workers, 50 + i % 20, 4);
          }
          return null;
        };
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (Future<Void> done : threads.invokeAll(List.of(caller, caller, caller, caller))) {
        done.get();
      }
    }
  }

  @Test
  void aTaskMayUseThePoolItself() {
    Workers workers = Workers.of(2);
    KernelCode nested = (buffers, dims, begin, end) -> runsEachTaskOnce(workers, 10, 1);
    workers.run(nested, new Object[0], NO_DIMS, 20, 1);
    runsEachTaskOnce(workers, TASKS, 1);
  }

  @Test
  void idleWorkersUseNoProcessorTime() throws Exception {
    runsEachTaskOnce(Workers.of(8), TASKS, 1);
    Thread.sleep(200);
    List<Thread> workers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("millrace-worker-"))
            .toList();
    assertTrue(workers.size() >= 7, () -> workers.size() + " workers");
    long before = processorNanos(workers);
    Thread.sleep(500);
    double millis = (double) (processorNanos(workers) - before) / 1_000_000;
    assertTrue(millis < 50, () -> millis + " ms of processor time in half a second");
  }

  private static long processorNanos(List<Thread> threads) {
    var bean = ManagementFactory.getThreadMXBean();
    var times = new ArrayList<Long>();
    threads.forEach(thread -> times.add(Math.max(0, bean.getThreadCpuTime(thread.threadId()))));
    return times.stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void noFailureIsLostOrGivenToAnotherCaller() throws Exception {
    Workers workers = Workers.of(2);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    var callers = new ArrayList<Callable<Boolean>>();
    for (int number = 0; number < 6; number++) {
      var own = new IllegalStateException("caller " + number);
      boolean fails = number % 2 == 1;
      KernelCode code =
          (buffers, dims, begin, end) -> {
            if (fails) {
              throw own;
            }
          };
      callers.add(() -> {
        while (System.nanoTime() < deadline) {
          RuntimeException thrown = thrownBy(() -> workers.run(code, new Object[0], NO_DIMS, 2, 1));
          assertSame(fails ? own : null, thrown);
        }
        return true;
      });
    }
    try (var executor = Executors.newFixedThreadPool(callers.size())) {
      for (Future<Boolean> runs : executor.invokeAll(callers, 60, TimeUnit.SECONDS)) {
        assertTrue(runs.get());
      }
    }
  }

  private static RuntimeException thrownBy(Runnable run) {
    try {
      run.run();
      return null;
    } catch (IllegalStateException thrown) {
      return thrown;
    }
  }

  @Test
  void afterAFailureTheRestIsSkipped() {
    var count = new AtomicInteger();
    KernelCode code =
        (buffers, dims, begin, end) -> {
          count.incrementAndGet();
          throw new IllegalStateException();
        };
    assertThrows(
        IllegalStateException.class,
        () -> Workers.of(2).run(code, new Object[0], NO_DIMS, 10_000, 1));
    assertTrue(count.get() <= 2, () -> count + " tasks ran");
  }

  @Test
  void aCallerWhoseHelperIsTakenAwayWorksAloneForAWhileAndThenNot() {
    Workers workers = Workers.of(5);
    int attempts = 0;
    do {
      assertTrue(++attempts < 50, "the caller never worked alone");
      runWhileOthersSleep(workers);
    } while (!threadsOf(workers).equals(Set.of(Thread.currentThread())));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (threadsOf(workers).size() == 1) {
      assertTrue(System.nanoTime() < deadline, "no helper came back");
    }
  }

  /** A run of which another thread takes a chunk and then sleeps. */
  private static void runWhileOthersSleep(Workers workers) {
    Thread caller = Thread.currentThread();
    var others = new AtomicInteger();
    KernelCode code =
        (buffers, dims, begin, end) -> {
          if (Thread.currentThread() != caller) {
            others.incrementAndGet();
            LockSupport.parkNanos(20_000_000);
          }
          long until = System.nanoTime() + 1_000_000;
          while (others.get() == 0 && System.nanoTime() < until) {
            Thread.onSpinWait();
          }
        };
    workers.run(code, new Object[0], NO_DIMS, 10, 1);
  }

  private static Set<Thread> threadsOf(Workers workers) {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    KernelCode code =
        (buffers, dims, begin, end) -> {
          threads.add(Thread.currentThread());
          long until = System.nanoTime() + 20_000;
          while (System.nanoTime() < until) {
            Thread.onSpinWait();
          }
        };
    workers.run(code, new Object[0], NO_DIMS, 50, 1);
    return threads;
  }

  @Test
  void workersDoNotKeepTheProgramAlive() {
    runsEachTaskOnce(Workers.of(2), TASKS, 1);
    List<Thread> workers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("millrace-worker-"))
            .toList();
    assertTrue(!workers.isEmpty() && workers.stream().allMatch(Thread::isDaemon));
  }

  @Test
  void theDefaultIsTheSystemPropertyOrTheProcessors() {
    String property = "millrace.threads";
    String before = System.getProperty(property);
    try {
      System.clearProperty(property);
      assertEquals(Runtime.getRuntime().availableProcessors(), Workers.defaultThreads());
      System.setProperty(property, "3");
      assertEquals(3, Workers.defaultThreads());
      for (String wrong :
          new String[] {"0", "-1", "1025", "5000", "99999999999", "two", "", "2.5"}) {
        System.setProperty(property, wrong);
        assertEquals(
            "session: the system property millrace.threads must be a number of threads, 1 to 1024,"
                + " found '"
                + wrong
                + "'; leave it out to use all processors",
            assertThrows(MillraceException.class, Workers::defaultThreads).getMessage());
      }
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }
}
