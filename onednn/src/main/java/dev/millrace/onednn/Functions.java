package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Functions of a shared library by name, called with whatever arguments they are given: a Java
 * {@code int} or {@code long} goes as one, a segment as its address. Objects of the library are
 * {@code long}s, their addresses. Each call takes microseconds: for what happens once.
 */
final class Functions {
  private final SymbolLookup library;
  private final Map<String, MethodHandle> handles = new ConcurrentHashMap<>();

  Functions(SymbolLookup library) {
    this.library = library;
  }

  /** The function as it is called from hot code. */
  MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(() -> new OneDnnException("the library has no function " + name));
    return Linker.nativeLinker().downcallHandle(address, type, options);
  }

  /** Calls a function that returns a status, which must be success. */
  void call(String name, Object... arguments) {
    Status.check(name, status(name, arguments));
  }

  /** Calls a function that returns a status. */
  int status(String name, Object... arguments) {
    return (int) invoke(name, JAVA_INT, arguments);
  }

  /** Calls a function that returns a size or an address. */
  long number(String name, Object... arguments) {
    return (long) invoke(name, JAVA_LONG, arguments);
  }

  /** The object that a function leaves where its first argument points, before the others. */
  long create(String name, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      var all = new Object[arguments.length + 1];
      all[0] = out;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      call(name, all);
      return out.get(JAVA_LONG, 0);
    }
  }

  private Object invoke(String name, MemoryLayout result, Object... arguments) {
    MethodHandle handle =
        handles.computeIfAbsent(name, unknown -> handle(name, type(result, arguments)));
    try {
      return handle.invokeWithArguments(arguments);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable impossible) {
      throw new OneDnnException(name, impossible);
    }
  }

  private static FunctionDescriptor type(MemoryLayout result, Object... arguments) {
    var layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < layouts.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case Integer number -> JAVA_INT;
            case Long object -> JAVA_LONG;
            default -> ADDRESS;
          };
    }
    return FunctionDescriptor.of(result, layouts);
  }
}
