package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One method while it is written: its code, and the JVM locals in which arrays, sizes, index
 * variables and values are.
 *
 * <p>Parts of positions that do not change within a loop are computed before it, once: the JVM's
 * compiler finds most of them by itself, but not before it compiles, and not across a check.
 */
final class Frame {
  private static final MethodTypeDesc FLOOR_DIV = MethodTypeDesc.of(CD_long, CD_long, CD_long);

  final CodeBuilder code;
  final KernelClass owner;
  final int level;
  private final Map<Integer, Integer> arrays = new HashMap<>();
  private final Map<Dim, Integer> sizes = new HashMap<>();
  private Map<Integer, Integer> indices = new HashMap<>();
  private final Map<Integer, Integer> values = new HashMap<>();
  private final Map<Integer, Integer> vectors = new HashMap<>();
  private final Map<Integer, DrawBatch.Place> batches = new HashMap<>();
  private final List<Set<Integer>> scopes = new ArrayList<>();
  private Map<Index, Integer> parts = new HashMap<>();
  private final Map<JvmType, Integer> partials = new java.util.EnumMap<>(JvmType.class);
  private int arraysLocal = -1;
  private int dimsLocal = -1;

  /**
   * @param level how many methods of the same class are around this one
   */
  Frame(CodeBuilder code, KernelClass owner, int level) {
    this.code = code;
    this.owner = owner;
    this.level = level;
  }

  /** Reads what is used out of the {@code Object[]} and the {@code int[]} in these locals. */
  void open(Uses uses, int arraysLocal, int dimsLocal) {
    this.arraysLocal = arraysLocal;
    this.dimsLocal = dimsLocal;
    for (Buffer buffer : uses.buffers) {
      code.aload(arraysLocal).loadConstant(buffer.id()).aaload();
      code.checkcast(JvmType.of(buffer.dtype()).array());
      setArray(buffer, newLocal(TypeKind.REFERENCE));
      code.astore(known(arrays, buffer.id()));
    }
    openPartials(JvmType.FLOAT, "floats", 0);
    openPartials(JvmType.DOUBLE, "doubles", 1);
    openPartials(JvmType.INT, "ints", 2);
    for (Dim size : uses.sizes) {
      polynomial(size);
      code.l2i();
      setSize(size, newLocal(TypeKind.INT));
      code.istore(known(sizes, size));
    }
  }

  private void openPartials(JvmType type, String name, int order) {
    int size = owner.partials().size(type);
    if (size > 0) {
      code.aload(arraysLocal).loadConstant(owner.buffers() + order).loadConstant(size);
      code.invokestatic(
          ClassNames.of(Partials.class),
          name,
          MethodTypeDesc.of(type.array(), objects(), CD_int, CD_int));
      partials.put(type, newLocal(TypeKind.REFERENCE));
      code.astore(known(partials, type));
    }
  }

  int arraysLocal() {
    return arraysLocal;
  }

  int dimsLocal() {
    return dimsLocal;
  }

  int newLocal(TypeKind kind) {
    return code.allocateLocal(kind);
  }

  void setArray(Buffer buffer, int local) {
    arrays.put(buffer.id(), local);
  }

  void setSize(Dim size, int local) {
    sizes.put(size, local);
  }

  /** Says that an index variable is in this int local. */
  void setIndex(int variable, int local) {
    indices.put(variable, local);
  }

  /** Says that a value is in this local. */
  void setValue(int variable, int local) {
    values.put(variable, local);
  }

  /** Says that the lanes' values of a variable, a vector or a mask, are in this local. */
  void setVector(int variable, int local) {
    vectors.put(variable, local);
  }

  /** Says that draws can be made in batches while the loop of this variable is written. */
  void setBatches(int variable, DrawBatch.Place place) {
    batches.put(variable, place);
  }

  /** The loop of this variable, if draws can be made in batches in it. */
  Optional<DrawBatch.Place> batches(int variable) {
    return Optional.ofNullable(batches.get(variable));
  }

  boolean isVector(int variable) {
    return vectors.containsKey(variable);
  }

  /** Whether an index variable is set. */
  boolean isIndex(int variable) {
    return indices.containsKey(variable);
  }

  boolean isValue(int variable) {
    return values.containsKey(variable);
  }

  /** Pops a value into a new local for {@code variable}. */
  void storeNew(int variable) {
    TypeKind kind = JvmType.of(type(variable)).local();
    setValue(variable, newLocal(kind));
    code.storeLocal(kind, known(values, variable));
  }

  /** Pops a value into the local of {@code variable}. */
  void store(int variable) {
    code.storeLocal(JvmType.of(type(variable)).local(), known(values, variable));
  }

  /** Pushes the array of partial results of a type. */
  void partials(JvmType type) {
    code.aload(known(partials, type));
  }

  DType type(int variable) {
    return owner.type(variable);
  }

  /** Pushes the array of a buffer. */
  void array(Buffer buffer) {
    code.aload(known(arrays, buffer.id()));
  }

  /** Pushes a value. */
  void value(int variable) {
    code.loadLocal(JvmType.of(type(variable)).local(), known(values, variable));
  }

  /** Pushes a vector or a mask. */
  void vector(int variable) {
    code.aload(known(vectors, variable));
  }

  /** Pushes the index variable. */
  void indexVariable(int variable) {
    code.iload(known(indices, variable));
  }

  int indexLocal(int variable) {
    return known(indices, variable);
  }

  /** Pushes a size as an int. */
  void size(Dim size) {
    if (size.isKnown()) {
      code.loadConstant((int) size.value());
    } else {
      code.iload(known(sizes, size));
    }
  }

  /** Pushes a position. */
  void index(Index index) {
    Map<Index, Integer> known = parts;
    for (int i = scopes.size() - 1; i >= 0; i--) {
      Index part = within(index, scopes.get(i));
      Integer local = known.get(part);
      if (local != null) {
        Set<Integer> done = scopes.get(i);
        code.iload(local);
        terms(index.terms().stream().filter(t -> !done.contains(t.variable())).toList(), true);
        return;
      }
    }
    boolean offset = !index.offset().is(0) || index.terms().isEmpty();
    if (offset) {
      size(index.offset());
    }
    terms(index.terms(), offset);
  }

  private void terms(List<Index.Term> terms, boolean started) {
    boolean add = started;
    for (Index.Term term : terms) {
      indexVariable(term.variable());
      if (!term.factor().is(1)) {
        size(term.factor());
        code.imul();
      }
      if (add) {
        code.iadd();
      }
      add = true;
    }
  }

  private static Index within(Index index, Set<Integer> variables) {
    return new Index(
        index.offset(),
        index.terms().stream().filter(term -> variables.contains(term.variable())).toList());
  }

  /**
   * Writes {@code body}, a loop or what belongs to it. Before it come the parts of {@code
   * positions} that are known by now. Index variables that are set within are not known after it.
   */
  void scope(Collection<Index> positions, Runnable body) {
    Map<Index, Integer> outerParts = parts;
    Map<Integer, Integer> outerIndices = indices;
    parts = new HashMap<>(outerParts);
    indices = new HashMap<>(outerIndices);
    scopes.add(Set.copyOf(indices.keySet()));
    for (Index position : positions) {
      Index part = within(position, scopes.getLast());
      if (!isSimple(part) && !parts.containsKey(part)) {
        index(part);
        int local = newLocal(TypeKind.INT);
        code.istore(local);
        parts.put(part, local);
      }
    }
    body.run();
    scopes.removeLast();
    parts = outerParts;
    indices = outerIndices;
  }

  /** A part that is as cheap as the local that would hold it. */
  private static boolean isSimple(Index part) {
    return part.terms().isEmpty()
        || (part.terms().size() == 1
            && part.offset().is(0)
            && part.terms().getFirst().factor().is(1));
  }

  /** Pushes the value of a polynomial as a long. */
  private void polynomial(Dim dim) {
    code.lconst_0();
    for (Dim.Term term : dim.terms()) {
      code.loadConstant(term.factor());
      for (Dim.Atom atom : term.atoms()) {
        atom(atom);
        code.lmul();
      }
      code.ladd();
    }
  }

  private void atom(Dim.Atom atom) {
    switch (atom) {
      case Dim.Symbol symbol ->
          code.aload(dimsLocal).loadConstant(Extent.number(symbol)).iaload().i2l();
      case Dim.Quotient(Dim numerator, long divisor) -> {
        polynomial(numerator);
        code.loadConstant(divisor).invokestatic(ClassNames.MATH, "floorDiv", FLOOR_DIV);
      }
    }
  }

  /** Calls {@code Math.min} or {@code Math.max} on two ints. */
  void intCall(String name) {
    code.invokestatic(ClassNames.MATH, name, MethodTypeDesc.of(CD_int, CD_int, CD_int));
  }

  /** Pushes the value 0 of a type. */
  void zero(JvmType type) {
    code.loadConstant(
        switch (type) {
          case FLOAT, HALF -> (java.lang.constant.ConstantDesc) 0f;
          case DOUBLE -> 0d;
          case LONG, UNSIGNED_INT, UNSIGNED_LONG -> 0L;
          case INT, BYTE, SIGNED_BYTE, SHORT -> 0;
        });
  }

  /** Class of objects, for signatures. */
  static java.lang.constant.ClassDesc objects() {
    return ConstantDescs.CD_Object.arrayType();
  }

  /** The local that was made for {@code key} before. */
  private static <K> int known(Map<K, Integer> locals, K key) {
    return Objects.requireNonNull(locals.get(key), "no local");
  }
}
