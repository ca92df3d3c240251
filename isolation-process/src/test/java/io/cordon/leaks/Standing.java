package io.cordon.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How much this JVM holds of what runs out.
 *
 * @param heap bytes in use, garbage apart
 * @param threads platform threads
 * @param descriptors open descriptors
 * @param groups control groups, in every hierarchy
 * @param processes descendants
 */
record Standing(long heap, int threads, long descriptors, int groups, long processes) {

  // What a JVM that runs on may load and cache meanwhile; not a thousandth of it is one call's.
  private static final long HEAP_SLACK = 8 << 20;
  // A pool that grows to its size: a warm worker, with its threads, descriptors and groups, may be
  // on its way when the first stock is taken. What leaks with every call is thousands.
  private static final int SLACK = 32;

  /** Takes stock. */
  static Standing now() {
    System.gc();
    return new Standing(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        openDescriptors(),
        ControlGroups.of(ProcessHandle.current().pid()).size(),
        ProcessHandle.current().descendants().count());
  }

  /** Fails if there is more than before, beyond what has nothing to do with how often. */
  void assertNoMoreThan(Standing before) {
    assertThat(heap).as("heap, from %s", before).isLessThan(before.heap + HEAP_SLACK);
    assertThat(threads).as("threads, from %s", before).isLessThan(before.threads + SLACK);
    assertThat(descriptors).as("fds, from %s", before).isLessThan(before.descriptors + SLACK);
    assertThat(groups).as("groups, from %s", before).isLessThan(before.groups + SLACK);
    assertThat(processes).as("processes, from %s", before).isLessThan(before.processes + SLACK);
  }

  private static long openDescriptors() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
