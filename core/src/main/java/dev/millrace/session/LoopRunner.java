package dev.millrace.session;

import dev.millrace.compile.Job;
import dev.millrace.cpu.Workers;
import dev.millrace.profile.Recorder;
import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.Dim;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Runs a loop: each iteration reads the states from one array of each and writes the next ones to
 * another, and both change places. Nothing is allocated.
 */
final class LoopRunner implements JobRunner {
  private static final long UNLIMITED = Long.MAX_VALUE;

  private final Job.Loop loop;
  private final NestedRunner body;
  private final Optional<NestedRunner> condition;
  private final int[] slices;
  private final Object[] now;
  private final Object[] next;
  private final long[] iteration = new long[1];
  private final byte[] goesOn = new byte[1];
  private long length = UNLIMITED;

  LoopRunner(Job.Loop loop, List<Loaded> loaded, Optional<ContractionProvider> provider) {
    this.loop = loop;
    this.body = new NestedRunner(loop.body(), loaded.getLast(), provider);
    this.condition =
        loop.condition().map(test -> new NestedRunner(test, loaded.getFirst(), provider));
    this.slices = new int[loop.slices().size()];
    this.now = new Object[loop.states()];
    this.next = new Object[loop.states()];
  }

  @Override
  public void resize(ToLongFunction<Dim> sizes) {
    for (int i = 0; i < slices.length; i++) {
      slices[i] = Frame.size(sizes.applyAsLong(loop.slices().get(i)));
    }
    length = loop.length().map(sizes::applyAsLong).orElse(UNLIMITED);
    body.resize(sizes);
    condition.ifPresent(test -> test.resize(sizes));
  }

  @Override
  public void run(Workers workers, Object[] buffers, Optional<Recorder> recorder) {
    begin(buffers);
    long most = loop.counted() ? Math.min(length, ((long[]) buffers[0])[0]) : length;
    long done = 0;
    while (done < most) {
      iteration[0] = loop.backward() ? most - 1 - done : done;
      if (!goesOn(workers, recorder)) {
        break;
      }
      iterate(workers, buffers, recorder, (int) iteration[0]);
      done++;
    }
    finish(buffers, done);
  }

  private void begin(Object[] buffers) {
    body.begin(buffers);
    body.give(0, iteration);
    if (condition.isPresent()) {
      NestedRunner test = condition.get();
      test.begin(buffers);
      test.give(0, iteration);
      test.receive(0, goesOn);
    }
    for (int state = 0; state < loop.states(); state++) {
      now[state] = buffers[loop.firstOwn() + 2 * state];
      next[state] = buffers[loop.firstOwn() + 2 * state + 1];
      Object first = buffers[(loop.counted() ? 1 : 0) + state];
      System.arraycopy(first, 0, now[state], 0, slices[state]);
    }
    for (int element = 0; element < loop.elements(); element++) {
      body.give(1 + loop.states() + element, element(buffers, element));
      if (condition.isPresent()) {
        condition.get().give(1 + loop.states() + element, element(buffers, element));
      }
    }
    for (int output = 0; output < loop.outputs(); output++) {
      int own = loop.firstOwn() + 2 * loop.states() + loop.elements() + output;
      body.receive(loop.states() + output, buffers[own]);
    }
  }

  private Object element(Object[] buffers, int element) {
    return buffers[loop.firstOwn() + 2 * loop.states() + element];
  }

  private boolean goesOn(Workers workers, Optional<Recorder> recorder) {
    if (condition.isEmpty()) {
      return true;
    }
    NestedRunner test = condition.get();
    for (int state = 0; state < now.length; state++) {
      test.give(1 + state, now[state]);
    }
    test.run(workers, recorder);
    return ((byte[]) test.result(0))[0] != 0;
  }

  private void iterate(Workers workers, Object[] buffers, Optional<Recorder> recorder, int number) {
    for (int element = 0; element < loop.elements(); element++) {
      int size = slices[loop.states() + element];
      Object whole = buffers[(loop.counted() ? 1 : 0) + loop.states() + element];
      System.arraycopy(whole, number * size, element(buffers, element), 0, size);
    }
    for (int state = 0; state < now.length; state++) {
      Object stack = buffers[loop.firstPart() + loop.states() + loop.outputs() + state];
      if (stack != null) {
        System.arraycopy(now[state], 0, stack, number * slices[state], slices[state]);
      }
      body.give(1 + state, now[state]);
      body.receive(state, next[state]);
    }
    body.run(workers, recorder);
    for (int output = 0; output < loop.outputs(); output++) {
      Object whole = buffers[loop.firstPart() + loop.states() + output];
      if (whole != null) {
        int size = slices[loop.states() + loop.elements() + output];
        System.arraycopy(body.result(loop.states() + output), 0, whole, number * size, size);
      }
    }
    advance();
  }

  /** Two states may be one value, or one the other's last content: all move before any changes. */
  private void advance() {
    for (int state = 0; state < now.length; state++) {
      Object found = body.result(state);
      if (found != next[state]) {
        System.arraycopy(found, 0, next[state], 0, slices[state]);
      }
    }
    for (int state = 0; state < now.length; state++) {
      Object old = now[state];
      now[state] = next[state];
      next[state] = old;
    }
  }

  private void finish(Object[] buffers, long done) {
    for (int state = 0; state < now.length; state++) {
      Object last = buffers[loop.firstPart() + state];
      if (last != null) {
        System.arraycopy(now[state], 0, last, 0, slices[state]);
      }
      clear(buffers[loop.firstPart() + loop.states() + loop.outputs() + state], done, state);
    }
    for (int output = 0; output < loop.outputs(); output++) {
      int slice = loop.states() + loop.elements() + output;
      clear(buffers[loop.firstPart() + loop.states() + output], done, slice);
    }
    Object count = buffers[loop.firstOwn() - 1];
    if (count != null) {
      ((long[]) count)[0] = done;
    }
  }

  /** Sets the slices of iterations that did not take place to 0. */
  private void clear(Object whole, long done, int slice) {
    if (whole != null && done < length) {
      int from = Math.toIntExact(done * slices[slice]);
      int end = Math.toIntExact(length * slices[slice]);
      Object zeros = Array.newInstance(whole.getClass().componentType(), end - from);
      System.arraycopy(zeros, 0, whole, from, end - from);
    }
  }

  @Override
  public void forget() {
    body.forget();
    condition.ifPresent(NestedRunner::forget);
    java.util.Arrays.fill(now, null);
    java.util.Arrays.fill(next, null);
  }
}
