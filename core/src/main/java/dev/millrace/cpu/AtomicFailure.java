package dev.millrace.cpu;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The first exception of several threads. */
final class AtomicFailure {
  private final AtomicReference<Optional<Throwable>> first =
      new AtomicReference<>(Optional.empty());

  boolean isSet() {
    return first.get().isPresent();
  }

  void set(Throwable failure) {
    first.compareAndSet(Optional.empty(), Optional.of(failure));
  }

  void clear() {
    first.set(Optional.empty());
  }

  /** Throws what was set, and forgets it. */
  void rethrow() {
    Optional<Throwable> failure = first.getAndSet(Optional.empty());
    if (failure.isPresent()) {
      switch (failure.get()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new AssertionError(e);
      }
    }
  }
}
