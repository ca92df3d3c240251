package io.cordon.vm.qemu;

/** What runs a guest's instructions. */
public sealed interface Accelerator {

  /**
   * Emulation, by translating them.
   *
   * @param translationCacheMiB the most memory that QEMU keeps translated code in
   * @param processor what it looks like to the guest
   */
  record Tcg(int translationCacheMiB, Processor processor) implements Accelerator {
    public Tcg {
      if (translationCacheMiB <= 0) {
        throw new IllegalArgumentException("a translation cache must have a size");
      }
    }

    /** One of which QEMU is quickest at. */
    public Tcg(int translationCacheMiB) {
      this(translationCacheMiB, Processor.QUICK);
    }
  }

  /** Processors that can be emulated. */
  enum Processor {
    // Of the instruction set that emulation is fastest with. TCG can't do spec-ctrl, and warns of
    // it.
    QUICK("Nehalem,-spec-ctrl"),

    /** With AMD's virtualisation, so that the guest has a KVM. */
    WITH_KVM("max,la57=off,svm=on");

    private final String model;

    Processor(String model) {
      this.model = model;
    }

    /** As QEMU's {@code -cpu} has it. */
    String model() {
      return model;
    }
  }

  /** The processor itself, by way of {@code /dev/kvm}, which the tenant's user must be let use. */
  record Kvm() implements Accelerator {}
}
