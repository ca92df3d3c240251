package io.cordon.vm.qemu;

/**
 * All that a saved machine depends on, as one digest: whose it is, QEMU, what it boots, its disks,
 * its command line, what it was told to do, and the host's processor where the guest sees that. See
 * {@link TemplateKeys}. Immutable.
 *
 * @param digest in hexadecimal digits
 */
public record TemplateKey(String digest) {
  public TemplateKey {
    if (!digest.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("no SHA-256 digest: " + digest);
    }
  }
}
