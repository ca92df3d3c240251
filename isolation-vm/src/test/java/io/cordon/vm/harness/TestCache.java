package io.cordon.vm.harness;

import java.nio.file.Path;

/**
 * Where the tests keep what is made once, from one run to the next: a kernel is 27 MiB to fetch.
 */
public final class TestCache {

  private TestCache() {}

  /** The directory; as an application's, it may not be there yet. */
  public static Path directory() {
    String given = System.getenv("CORDON_VM_IT_CACHE"); // which hosts that tests start inherit
    return given != null
        ? Path.of(given)
        : Path.of(System.getProperty("user.home"), ".cache", "cordon-vm-it");
  }
}
