package dev.millrace.cpu;

/** The two ways in which a kernel becomes bytecode; both give the same bits. */
public enum Form {
  /** One element at a time. Fast as soon as the JVM compiles it, and it runs on every JVM. */
  SCALAR,
  /**
   * Vectors of the width that the machine prefers, wherever a loop's accesses allow it. The fastest
   * form once the JVM's optimising compiler is done with it, and very slow until then.
   */
  VECTOR
}
