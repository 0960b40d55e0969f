package dev.millrace.compile;

import dev.millrace.graph.Value;

/** Where the memory of a value comes from in a run of a program. */
public sealed interface Storage {
  /** Given from outside: a fed placeholder, a variable's content, a constant, the run's number. */
  record Input(Value value) implements Storage {
    @Override
    public String toString() {
      return value.name();
    }
  }

  /** Memory of the program's own, used again for other values once this one is not needed. */
  record Slot(int number) implements Storage {
    @Override
    public String toString() {
      return "slot " + number;
    }
  }

  /** New memory that the run hands out as result number {@code number}. */
  record Result(int number) implements Storage {
    @Override
    public String toString() {
      return "result " + number;
    }
  }
}
