package dev.millrace.profile;

import dev.millrace.reference.Json;
import java.nio.file.Path;
import java.util.List;

/** An event of a trace file, as a viewer reads it; times in microseconds. */
record TraceEvent(
    String phase,
    int thread,
    double start,
    double duration,
    String category,
    String name,
    String argument) {
  static List<TraceEvent> read(Path file) {
    return Json.read(file).get("traceEvents").list().stream().map(TraceEvent::of).toList();
  }

  private static TraceEvent of(Json event) {
    return new TraceEvent(
        event.get("ph").text(),
        (int) event.get("tid").number(),
        event.get("ts").number(0),
        event.get("dur").number(0),
        event.get("cat").isAbsent() ? "" : event.get("cat").text(),
        event.get("name").text(),
        event.get("args").get("name").isAbsent() ? "" : event.get("args").get("name").text());
  }

  /** Whether {@code inner} lies within this in time, up to the rounding of the file. */
  boolean contains(TraceEvent inner) {
    return inner.start >= start - 0.01 && inner.start + inner.duration <= start + duration + 0.01;
  }
}
