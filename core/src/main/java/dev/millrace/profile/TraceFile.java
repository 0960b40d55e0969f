package dev.millrace.profile;

import dev.millrace.tensor.MillraceException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * A {@link Timeline} as a file of Chrome's trace event format: an object with an array of complete
 * events ({@code "ph": "X"}), times in microseconds.
 */
final class TraceFile {
  private static final double THOUSAND = 1e3;

  private final Timeline timeline;

  TraceFile(Timeline timeline) {
    this.timeline = timeline;
  }

  /** Writes it, one event a line. */
  void write(Path file) {
    try (Writer out = Files.newBufferedWriter(file)) {
      out.write("{\"displayTimeUnit\": \"ns\", \"otherData\": {\"lostEvents\": \"");
      out.write(timeline.lost() + "\"}, \"traceEvents\": [\n");
      out.write(metadata("process_name", 0, "Millrace"));
      Set<Track> tracks = new LinkedHashSet<>();
      timeline.events().forEach(event -> tracks.add(event.track()));
      for (Track track : tracks) {
        out.write(",\n" + metadata("thread_name", track.id(), track.name()));
      }
      for (Event event : timeline.events()) {
        out.write(",\n" + line(event));
      }
      out.write("\n]}\n");
    } catch (IOException failure) {
      throw new MillraceException(
          "profile: cannot write the trace " + file + ": " + failure, failure);
    }
  }

  private static String metadata(String what, long thread, String name) {
    return format(
        "{\"ph\": \"M\", \"pid\": 1, \"tid\": %d, \"name\": \"%s\", \"args\": {\"name\": %s}}",
        thread, what, quoted(name));
  }

  private String line(Event event) {
    return switch (event) {
      case Event.Span span -> complete(event, "run", quoted(span.name()), "{}");
      case Event.Call call -> complete(event, "kernel", name(call.kernel()), arguments(call));
      case Event.Chunk chunk ->
          complete(
              event,
              "chunk",
              name(chunk.kernel()),
              format("{\"tasks\": \"%d to %d\"}", chunk.first(), chunk.end() - 1));
    };
  }

  private static String name(KernelCalls kernel) {
    String first = kernel.names().getFirst();
    int more = kernel.names().size() - 1;
    return quoted(more == 0 ? first : first + " and " + more + " more");
  }

  private static String arguments(Event.Call call) {
    KernelCost cost = call.kernel().cost(call.dims());
    long nanos = Math.max(1, call.to() - call.from());
    return format(
        "{\"values\": %s, \"line\": %s, \"flop\": %.0f, \"bytesRead\": %.0f, \"bytesWritten\":"
            + " %.0f, \"GFLOP/s\": %.3f, \"GB/s\": %.3f}",
        quoted(String.join(", ", call.kernel().names())),
        quoted(call.kernel().line()),
        cost.flop(),
        cost.bytesRead(),
        cost.bytesWritten(),
        cost.flop() / nanos,
        cost.bytes() / nanos);
  }

  private String complete(Event event, String category, String name, String arguments) {
    return format(
        "{\"ph\": \"X\", \"pid\": 1, \"tid\": %d, \"ts\": %.3f, \"dur\": %.3f, \"cat\": \"%s\","
            + " \"name\": %s, \"args\": %s}",
        event.track().id(),
        (event.from() - timeline.start()) / THOUSAND,
        (event.to() - event.from()) / THOUSAND,
        category,
        name,
        arguments);
  }

  /** A JSON string. */
  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
