package dev.millrace.compile;

import dev.millrace.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives each value between kernels a slot of memory, and each slot to several values of one type
 * whose lives do not overlap. A slot is as large as the largest of its values, of which the plan
 * has to know for certain that it is the largest whatever the unknown dims are.
 */
final class MemoryPlan {
  private final Map<Value, Storage> storages = new HashMap<>();
  private final Map<Value, Integer> lastUse = new HashMap<>();
  private final FreeSlots free = new FreeSlots();
  private final List<Program.Slot> slots = new ArrayList<>();
  private final List<List<Storage>> own = new ArrayList<>();

  private MemoryPlan() {}

  /**
   * Plans the memory of kernels that run in this order.
   *
   * @param results the memories that are handed out, by their number
   */
  static MemoryPlan of(List<KernelBuilder.Draft> drafts, Map<Value, Integer> results) {
    var plan = new MemoryPlan();
    results.forEach((memory, number) -> {
      if (memory.kind() == Value.Kind.RESULT) {
        plan.storages.put(memory, new Storage.Result(number));
      }
    });
    for (int step = 0; step < drafts.size(); step++) {
      for (Optional<Value> owner : drafts.get(step).owners()) {
        int now = step;
        owner.ifPresent(memory -> plan.lastUse.put(memory, now));
      }
    }
    for (int step = 0; step < drafts.size(); step++) {
      plan.allocate(drafts.get(step), step);
    }
    return plan;
  }

  private void allocate(KernelBuilder.Draft draft, int step) {
    List<Value> used = draft.owners().stream().flatMap(Optional::stream).toList();
    for (Value memory : used) {
      storages.computeIfAbsent(
          memory,
          value -> value.kind() == Value.Kind.RESULT ? slot(value) : new Storage.Input(value));
    }
    List<Storage.Slot> taken = draft.own().stream().map(this::slot).toList();
    own.add(List.copyOf(taken));
    for (Storage.Slot slot : taken) {
      free.add(slots.get(slot.number()), slot.number());
    }
    for (Value memory : used) {
      if (lastUse.getOrDefault(memory, -1) == step
          && storages.get(memory) instanceof Storage.Slot(int slot)) {
        free.add(slots.get(slot), slot);
      }
    }
  }

  private Storage.Slot slot(Value value) {
    return slot(new Program.Slot(value.dtype(), value.shape().elements(), value));
  }

  private Storage.Slot slot(Program.Slot wanted) {
    Optional<Integer> reusable = free.take(wanted);
    int number = reusable.orElse(slots.size());
    if (reusable.isEmpty()) {
      slots.add(wanted);
    } else if (!FreeSlots.isAtLeast(slots.get(number).size(), wanted.size())) {
      slots.set(number, wanted);
    }
    return new Storage.Slot(number);
  }

  /** Where {@code memory} is. */
  Storage storage(Value memory) {
    Storage planned = storages.get(memory);
    return planned == null ? new Storage.Input(memory) : planned;
  }

  /** The memory of step number {@code step} that only it needs. */
  List<Storage> own(int step) {
    return own.get(step);
  }

  /** The slots. */
  List<Program.Slot> slots() {
    return List.copyOf(slots);
  }
}
