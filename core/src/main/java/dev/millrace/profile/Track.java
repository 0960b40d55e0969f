package dev.millrace.profile;

/** A thread in a trace. */
record Track(long id, String name) {
  static Track current() {
    Thread thread = Thread.currentThread();
    return new Track(thread.threadId(), thread.getName());
  }
}
