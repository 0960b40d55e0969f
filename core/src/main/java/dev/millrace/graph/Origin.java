package dev.millrace.graph;

import java.lang.StackWalker.StackFrame;
import java.util.Set;

/** The line of the user's program that is building a graph. */
final class Origin {
  private static final String ROOT = Origin.class.getPackageName().replaceFirst("\\.graph$", "");
  private static final Set<String> LIBRARY =
      Set.of(ROOT + ".op", ROOT + ".graph", ROOT + ".grad", ROOT + ".flow", ROOT + ".train");
  private static final StackWalker WALKER = StackWalker.getInstance();

  private Origin() {}

  /** {@code File.java:line} of the innermost caller outside of the packages that build graphs. */
  static String ofCaller() {
    return WALKER.walk(frames ->
        frames.filter(Origin::isUser).findFirst().map(Origin::text).orElse("unknown line"));
  }

  private static boolean isUser(StackFrame frame) {
    String name = frame.getClassName();
    int dot = name.lastIndexOf('.');
    String owner = dot < 0 ? "" : name.substring(0, dot);
    return !LIBRARY.contains(owner) && !name.equals(ROOT + ".Ops") && !owner.startsWith("java.");
  }

  /** In JShell, whose snippets are classes of lines that the user never sees, just that. */
  private static String text(StackFrame frame) {
    if (frame.getClassName().startsWith("REPL.$JShell$")) {
      return "JShell";
    }
    String file = frame.getFileName();
    return file == null ? frame.getClassName() : file + ":" + frame.getLineNumber();
  }
}
