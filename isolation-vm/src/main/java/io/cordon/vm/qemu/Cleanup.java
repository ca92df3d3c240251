package io.cordon.vm.qemu;

import java.util.ArrayDeque;
import java.util.Deque;

/** What to undo when a start fails, the last first. For one thread. */
final class Cleanup implements AutoCloseable {
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /** They have another owner now. */
  void release() {
    resources.clear();
  }

  @Override
  public void close() {
    resources.forEach(Cleanup::quietly);
    resources.clear();
  }

  /** Closes it; the failure that led here is the one to tell of. */
  static void quietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      // one that can't be closed doesn't keep the others open
    }
  }
}
