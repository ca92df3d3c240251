package io.cordon.process;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be closed if a launch fails, last opened first. For one thread. */
final class Resources implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    open.push(resource);
    return resource;
  }

  /** They have another owner now. */
  void release() {
    open.clear();
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        // the failure that led here is the one to tell of; the others must still be closed
      }
    }
  }
}
