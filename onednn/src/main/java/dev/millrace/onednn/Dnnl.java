package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of oneDNN that this module uses, from its C header {@code dnnl.h}, version 3.
 *
 * <p>Every call computes on the calling thread alone: Millrace's own threads share the work, so
 * that a session uses as many as it was told to, and none of the library's wait busily beside them.
 */
final class Dnnl {
  private static final int CPU = 1;
  private static final int DEFAULT_STREAM = 1;
  private static final int FORMAT_ANY = 1;
  private static final int USER_SCRATCHPAD = 1;

  private final Functions functions;
  private final MethodHandle execute;
  private final MethodHandle createMemory;
  private final MethodHandle destroyMemory;
  private final MethodHandle sgemm;
  private final MethodHandle threads;
  private final MethodHandle setThreads;
  private final long engine;

  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(() -> new Scratch(this));

  /** Attributes with which primitives work in scratchpads that they are given. */
  private final long attributes;

  Dnnl(SymbolLookup library) {
    functions = new Functions(library);
    var quick = Linker.Option.critical(false);
    execute =
        functions.handle(
            "dnnl_primitive_execute",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS));
    createMemory =
        functions.handle(
            "dnnl_memory_create",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    destroyMemory =
        functions.handle("dnnl_memory_destroy", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    sgemm = functions.handle("dnnl_sgemm", sgemmType(), Linker.Option.critical(true));
    threads = functions.handle("omp_get_max_threads", FunctionDescriptor.of(JAVA_INT), quick);
    setThreads =
        functions.handle("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT), quick);
    if (version() < 3 || version() >= 4) {
      throw new OneDnnException("version 3 of oneDNN is needed, found version " + version());
    }
    engine = functions.create("dnnl_engine_create", CPU, 0L);
    attributes = functions.create("dnnl_primitive_attr_create");
    functions.call("dnnl_primitive_attr_set_scratchpad_mode", attributes, USER_SCRATCHPAD);
  }

  private static FunctionDescriptor sgemmType() {
    return FunctionDescriptor.of(
        JAVA_INT,
        JAVA_BYTE,
        JAVA_BYTE,
        JAVA_LONG,
        JAVA_LONG,
        JAVA_LONG,
        JAVA_FLOAT,
        ADDRESS,
        JAVA_LONG,
        ADDRESS,
        JAVA_LONG,
        JAVA_FLOAT,
        ADDRESS,
        JAVA_LONG);
  }

  /** The library's major version. */
  int version() {
    long address = functions.number("dnnl_version");
    return MemorySegment.ofAddress(address).reinterpret(JAVA_INT.byteSize()).get(JAVA_INT, 0);
  }

  /** What this thread works in. */
  Scratch scratch() {
    return scratch.get();
  }

  /** A new stream. */
  long createStream() {
    return functions.create("dnnl_stream_create", engine, DEFAULT_STREAM);
  }

  /** Frees an object that {@code kind_create} has made. */
  void destroy(String kind, long object) {
    functions.call("dnnl_" + kind + "_destroy", object);
  }

  long createDescriptor(Layout layout) {
    try (Arena arena = Arena.ofConfined()) {
      int rank = layout.dims().length;
      MemorySegment dims = arena.allocateFrom(JAVA_LONG, layout.dims());
      if (layout.isAny()) {
        return functions.create(
            "dnnl_memory_desc_create_with_tag", rank, dims, layout.type().code, FORMAT_ANY);
      }
      MemorySegment strides = arena.allocateFrom(JAVA_LONG, layout.strides());
      return functions.create(
          "dnnl_memory_desc_create_with_strides", rank, dims, layout.type().code, strides);
    }
  }

  long descriptorBytes(long descriptor) {
    return functions.number("dnnl_memory_desc_get_size", descriptor);
  }

  /** A copy of what a primitive's description says about {@code query}. */
  long queryDescriptor(long description, int query) {
    long borrowed = functions.number("dnnl_primitive_desc_query_md", description, query, 0);
    return functions.create("dnnl_memory_desc_clone", borrowed);
  }

  long createReorder(long source, long target) {
    return functions.create(
        "dnnl_reorder_primitive_desc_create", source, engine, target, engine, attributes);
  }

  long createMatmul(long left, long right, long target) {
    return functions.create(
        "dnnl_matmul_primitive_desc_create", engine, left, right, 0L, target, attributes);
  }

  /** The description of a convolution without padding, in its forward form. */
  long createForward(long source, long weights, long result, MemorySegment[] window) {
    int inference = 96;
    int direct = 1;
    return functions.create(
        "dnnl_convolution_forward_primitive_desc_create",
        engine,
        inference,
        direct,
        source,
        weights,
        0L,
        result,
        window[0],
        window[1],
        window[2],
        window[2],
        attributes);
  }

  /** The description of the gradient to a convolution's weights; {@code forward} as a hint. */
  long createWeightGradient(
      long source, long weights, long result, MemorySegment[] window, long forward) {
    int direct = 1;
    return functions.create(
        "dnnl_convolution_backward_weights_primitive_desc_create",
        engine,
        direct,
        source,
        weights,
        0L,
        result,
        window[0],
        window[1],
        window[2],
        window[2],
        forward,
        attributes);
  }

  long createPrimitive(long description) {
    return functions.create("dnnl_primitive_create", description);
  }

  /** An object for memory at {@code address}, left in {@code out}. */
  long createMemory(MemorySegment out, long descriptor, long address) {
    try {
      Status.check(
          "dnnl_memory_create", (int) createMemory.invokeExact(out, descriptor, engine, address));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
    return out.get(JAVA_LONG, 0);
  }

  void destroyMemory(long memory) {
    try {
      Status.check("dnnl_memory_destroy", (int) destroyMemory.invokeExact(memory));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** Runs a primitive on this thread. */
  void execute(long primitive, long stream, int count, MemorySegment arguments) {
    int before = useOneThread();
    try {
      Status.check(
          "dnnl_primitive_execute", (int) execute.invokeExact(primitive, stream, count, arguments));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    } finally {
      useThreads(before);
    }
  }

  /**
   * {@code target = left * right}, row-major, on this thread; the segments may be of the heap, and
   * the garbage collector waits meanwhile.
   *
   * @param rowSteps distances between the rows in memory of left, right and target
   */
  void sgemm(MatrixProduct product, int m, int n, MemorySegment[] operands, long[] rowSteps) {
    int before = useOneThread();
    try {
      Status.check(
          "dnnl_sgemm",
          (int)
              sgemm.invokeExact(
                  (byte) (product.leftTransposed() ? 'T' : 'N'),
                  (byte) (product.rightTransposed() ? 'T' : 'N'),
                  (long) m,
                  (long) n,
                  (long) product.k(),
                  1f,
                  operands[0],
                  rowSteps[0],
                  operands[1],
                  rowSteps[1],
                  0f,
                  operands[2],
                  rowSteps[2]));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    } finally {
      useThreads(before);
    }
  }

  /** Makes the library compute on this thread alone; returns how many it would have used. */
  int useOneThread() {
    try {
      int before = (int) threads.invokeExact();
      setThreads.invokeExact(1);
      return before;
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  void useThreads(int count) {
    try {
      setThreads.invokeExact(count);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  private static RuntimeException unchecked(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException exception -> exception;
      case Error error -> throw error;
      default -> new OneDnnException("a call of oneDNN", thrown);
    };
  }
}
