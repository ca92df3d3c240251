package io.cordon.vm.setup;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.guest.GuestKernel;
import io.cordon.vm.guest.GuestKernels;
import io.cordon.vm.guest.RootImages;
import io.cordon.vm.host.HostTool;
import io.cordon.vm.image.ProgramImages;
import io.cordon.vm.qemu.Qemu;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Finds or makes what micro-VMs need, so that the first of them need not wait for it. Needs no
 * root; what only root can install is named. Safe for use by several threads.
 *
 * {@snippet :
 * for (Need need : new VmSetup(CacheLocation.usual(), System.err::println).run()) {
 *   System.out.println(need);
 * }
 * }
 */
public final class VmSetup {
  private static final HostTool MKFS = new HostTool("mkfs.erofs", "erofs-utils");
  private static final HostTool MKE2FS = new HostTool("mke2fs", "e2fsprogs");

  private final Path cache;
  private final Consumer<String> progress;

  /**
   * Prepares micro-VMs.
   *
   * @param cache the application's cache directory
   * @param progress is told what takes long, a line at a time
   */
  public VmSetup(Path cache, Consumer<String> progress) {
    this.cache = cache;
    this.progress = progress;
  }

  /**
   * Looks for each thing, and makes what can be made. Takes seconds where a Java runtime or an
   * image has to be made, and minutes where a kernel has to be fetched. A kernel is fetched where
   * none is installed that this user may read, and apt knows Debian's {@code
   * linux-image-cloud-amd64}; that takes apt-get, dpkg-deb and depmod.
   *
   * @return everything that is needed, whether it is there or not
   * @throws SandboxException {@link ErrorCode#CACHE_UNUSABLE} if nothing can be kept in the cache
   */
  public List<Need> run() {
    VmCaches caches = VmCaches.below(cache);
    return List.of(
        need("qemu", VmSetup::qemu),
        need("erofs-utils", () -> MKFS.locate().toString()),
        need("e2fsprogs", () -> MKE2FS.locate().toString()),
        need("kernel", () -> kernel(new GuestKernels(caches.kernels(), progress))),
        need("java", () -> java(caches)));
  }

  private static Need need(String name, Supplier<String> found) {
    try {
      return new Need(name, true, found.get());
    } catch (SandboxException e) {
      return new Need(name, false, e.reason());
    }
  }

  private static String qemu() {
    Qemu qemu = Qemu.find();
    return "%d.%d: %s".formatted(qemu.major(), qemu.minor(), qemu.program());
  }

  private static String kernel(GuestKernels kernels) {
    GuestKernel kernel =
        kernels
            .installed()
            .or(kernels::fetched)
            .orElseGet(() -> kernels.prepare(GuestKernels.CLOUD));
    return kernel.release() + ": " + kernel.image();
  }

  private String java(VmCaches caches) {
    try (RootImages images = new RootImages(caches.images(), progress)) {
      return new ProgramImages(images, caches.runtimes(), progress).prepareJava().toString();
    }
  }
}
