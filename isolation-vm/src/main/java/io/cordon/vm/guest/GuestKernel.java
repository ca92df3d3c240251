package io.cordon.vm.guest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * A kernel that guests can boot. Immutable.
 *
 * @param release as {@code uname -r} prints it
 * @param image the bootable image, {@code vmlinuz}
 * @param modules the directory of its modules, with their index
 */
public record GuestKernel(String release, Path image, Path modules) {

  /** What every guest needs: its machine's bus, its ports, its disk and its root's file system. */
  public static final List<String> ESSENTIAL =
      List.of("virtio_mmio", "virtio_console", "virtio_blk", "erofs");

  /** What the scratch disk of a guest with an agent needs besides. */
  public static final List<String> SCRATCH = List.of("ext4");

  /**
   * These modules and all that they need, each after what it needs; those that are built in are
   * left out.
   *
   * @throws io.cordon.sandbox.SandboxException {@link
   *     io.cordon.sandbox.ErrorCode#STRATEGY_UNUSABLE} if the kernel lacks one
   */
  public List<KernelModule> inLoadOrder(Collection<String> names) throws IOException {
    return ModuleIndex.read(modules).inLoadOrder(names);
  }
}
