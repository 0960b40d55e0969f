package dev.millrace.onednn;

/** A layout as the library knows it. */
final class Descriptor {
  final Owned object;
  final long bytes;

  private Descriptor(Dnnl dnnl, long address) {
    object = new Owned(dnnl, "memory_desc", address);
    bytes = dnnl.descriptorBytes(address);
  }

  static Descriptor of(Dnnl dnnl, Layout layout) {
    return new Descriptor(dnnl, dnnl.createDescriptor(layout));
  }

  /** What the description of a primitive has chosen for an operand. */
  static Descriptor chosen(Dnnl dnnl, long description, Argument argument) {
    return new Descriptor(dnnl, dnnl.queryDescriptor(description, argument.query));
  }

  /** Address of the library's object, valid as long as this is reachable. */
  long address() {
    return object.address;
  }
}
