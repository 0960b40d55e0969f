package dev.millrace.onednn;

import java.lang.ref.Cleaner;

/** An object of the library, freed when this has become unreachable. */
final class Owned {
  private static final Cleaner CLEANER = Cleaner.create();

  /** Where it is. Valid as long as this is reachable. */
  final long address;

  /**
   * Takes over an object.
   *
   * @param kind the beginning of the name of the function that frees it, as in {@code memory_desc}
   */
  Owned(Dnnl dnnl, String kind, long address) {
    this.address = address;
    CLEANER.register(this, () -> dnnl.destroy(kind, address));
  }
}
