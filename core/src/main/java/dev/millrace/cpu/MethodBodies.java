package dev.millrace.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.constant.ClassDesc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The static methods of one class as bytecode, to be copied into a kernel where it would call them.
 *
 * <p>Why: C2 stops inlining calls when a compilation has grown to 18,000 nodes (the fixed limit
 * NodeCountInliningCutoff), and one call of {@link VectorMath#exp} is more than half of that. What
 * is beyond the limit is called, with vectors boxed. The Vector API's own methods are exempt, so a
 * kernel that contains only those is compiled as a whole however many functions it has. A kernel of
 * six functions took 8 ns an element with calls and 2 ns with copies.
 *
 * <p>Only straight-line methods can be copied: a copy has no frames, no handlers and one end.
 */
final class MethodBodies {
  private final String owner;
  private final Map<String, MethodModel> methods = new HashMap<>();

  /**
   * Reads the class file of {@code owner}, whose static methods must differ in name.
   *
   * @throws UncheckedIOException if the class file cannot be read
   */
  MethodBodies(Class<?> owner) {
    ClassModel model = ClassFile.of().parse(classFile(owner));
    this.owner = model.thisClass().asInternalName();
    model.methods().forEach(method -> methods.put(method.methodName().stringValue(), method));
  }

  /**
   * Writes the body of {@code method}, and of the methods of its class that it calls; takes the
   * operands from the stack and leaves the result there.
   *
   * @throws IllegalArgumentException if there is no such method, or if it branches
   */
  // Synchronized because a class that was read fills in its constants on demand.
  synchronized void copy(String method, CodeBuilder code) {
    MethodModel model = methods.get(method);
    if (model == null) {
      throw new IllegalArgumentException("copy: no such method: " + owner + " has no " + method);
    }
    code.block(block -> {
      var locals = new Locals(block);
      locals.storeOperands(model.methodTypeSymbol().parameterList());
      model.code().orElseThrow().forEach(element -> copy(element, locals, method));
    });
  }

  private void copy(CodeElement element, Locals locals, String method) {
    switch (element) {
      case LoadInstruction load -> locals.load(load.typeKind(), load.slot());
      case StoreInstruction store -> locals.store(store.typeKind(), store.slot());
      case InvokeInstruction call when call.owner().asInternalName().equals(owner) ->
          copy(call.name().stringValue(), locals.code);
      case ReturnInstruction _ -> {
        // the result stays on the stack
      }
      case BranchInstruction _,
          LookupSwitchInstruction _,
          TableSwitchInstruction _,
          ThrowInstruction _ ->
          throw new IllegalArgumentException(
              "copy: a method must be straight-line code: " + owner + "." + method + " branches");
      case Instruction instruction -> locals.code.with(instruction);
      default -> {
        // line numbers and names of variables belong to the original
      }
    }
  }

  private static byte[] classFile(Class<?> owner) {
    String name = owner.getName().substring(owner.getPackageName().length() + 1) + ".class";
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no class file " + name + " beside " + owner);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("copy: the class file must be readable: " + owner, e);
    }
  }

  /** The local variables of a copy: new slots of the method that it is copied into. */
  private record Locals(CodeBuilder code, Map<Integer, Integer> slots) {
    Locals(CodeBuilder code) {
      this(code, new HashMap<>());
    }

    void storeOperands(List<ClassDesc> types) {
      int slot = types.stream().mapToInt(type -> TypeKind.from(type).slotSize()).sum();
      for (ClassDesc type : types.reversed()) {
        TypeKind kind = TypeKind.from(type);
        slot -= kind.slotSize();
        store(kind, slot);
      }
    }

    void load(TypeKind kind, int slot) {
      code.loadLocal(kind, Objects.requireNonNull(slots.get(slot)));
    }

    void store(TypeKind kind, int slot) {
      code.storeLocal(kind, slots.computeIfAbsent(slot, _ -> code.allocateLocal(kind)));
    }
  }
}
