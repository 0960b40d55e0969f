package dev.millrace.cpu;

import java.util.concurrent.ConcurrentLinkedQueue;

/** The first exception of several threads. */
final class AtomicFailure {
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  boolean isSet() {
    return !failures.isEmpty();
  }

  void set(Throwable failure) {
    failures.add(failure);
  }

  void clear() {
    failures.clear();
  }

  /** Throws the first that was set, and forgets all. */
  void rethrow() {
    Throwable first = failures.poll();
    clear();
    switch (first) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError(e);
    }
  }
}
