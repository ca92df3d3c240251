package io.cordon.vm.setup;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.host.PrivateCache;
import java.nio.file.Path;

/**
 * Where micro-VMs keep what is made once. Immutable.
 *
 * @param kernels kernels of guests
 * @param runtimes Java runtimes of guests
 * @param images root images of guests
 * @param scratch where guests' scratch disks take room: files without a name
 * @param templates guests that were booted, with all that was in their memory
 */
public record VmCaches(
    PrivateCache kernels,
    PrivateCache runtimes,
    PrivateCache images,
    PrivateCache scratch,
    PrivateCache templates) {

  /**
   * Those below an application's cache directory; made, where they are not there.
   *
   * @throws SandboxException {@link ErrorCode#CACHE_UNUSABLE} if they can't be made, or somebody
   *     else could write to them
   */
  public static VmCaches below(Path cache) {
    Path vm = cache.resolve("vm");
    PrivateCache.open(vm);
    return new VmCaches(
        PrivateCache.open(vm.resolve("kernels")),
        PrivateCache.open(vm.resolve("runtimes")),
        PrivateCache.open(vm.resolve("images")),
        PrivateCache.open(vm.resolve("scratch")),
        PrivateCache.open(vm.resolve("templates")));
  }
}
