package io.cordon.vm.qemu;

/** What runs a guest's instructions. */
public sealed interface Accelerator {

  /**
   * Emulation, by translating them.
   *
   * @param translationCacheMiB the most memory that QEMU keeps translated code in
   */
  record Tcg(int translationCacheMiB) implements Accelerator {
    public Tcg {
      if (translationCacheMiB <= 0) {
        throw new IllegalArgumentException("a translation cache must have a size");
      }
    }
  }

  /** The processor itself, by way of {@code /dev/kvm}, which the tenant's user must be let use. */
  record Kvm() implements Accelerator {}
}
