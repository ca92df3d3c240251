package io.cordon.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.spi.IsolationStrategy;
import io.cordon.sandbox.spi.IsolationStrategyProvider.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test the process strategy; and when it is closed after the test, nothing may be left. */
final class Cells implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private @Nullable Path cache;
  private @Nullable IsolationStrategy strategy;
  private List<String> descriptors = List.of();
  private List<String> mounts = List.of();

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    // The first strategy of a JVM opens files that stay open: libraries, /dev/urandom.
    Path warmUp = Files.createTempDirectory("cordon-test");
    open(warmUp).close();
    Files.delete(warmUp);
    descriptors = descriptors();
    mounts = Files.readAllLines(Path.of("/proc/self/mountinfo"));
  }

  static IsolationStrategy open(Path cache) {
    return new ProcessStrategyProvider().open(new Context(cache, line -> {}));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == IsolationStrategy.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    try {
      Path made = Files.createTempDirectory("cordon-test");
      IsolationStrategy opened = open(made);
      cache = made;
      strategy = opened;
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    IsolationStrategy opened = strategy;
    Path made = cache;
    strategy = null;
    cache = null;
    if (opened == null || made == null) {
      return;
    }
    opened.close();
    assertThat(children()).as("processes that are left, zombies too").isEmpty();
    assertThat(descriptors()).as("open descriptors").isSubsetOf(descriptors);
    assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo"))).as("mounts").isSubsetOf(mounts);
    try (Stream<Path> files = Files.walk(made)) {
      assertThat(files.sorted(Comparator.reverseOrder())).as("files").containsExactly(made);
    }
    Files.delete(made);
  }

  /** What pipes, sockets and the like this JVM has open; libraries may come at any time. */
  private static List<String> descriptors() throws IOException {
    List<String> open = new ArrayList<>();
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : (Iterable<Path>) links::iterator) {
        try {
          String target = Files.readSymbolicLink(link).toString();
          if (!target.endsWith(".jar") && !target.endsWith("/fd")) {
            open.add(target);
          }
        } catch (IOException e) {
          // it was the directory that is being listed
        }
      }
    }
    return open;
  }

  /** Children of this JVM; those that other tests' helpers have started are not cells. */
  private static List<String> children() throws IOException {
    List<String> children = new ArrayList<>();
    String self = String.valueOf(ProcessHandle.current().pid());
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : (Iterable<Path>) processes::iterator) {
        try {
          String stat = Files.readString(process.resolve("stat"));
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 3);
          if (fields[1].equals(self)) {
            children.add(stat);
          }
        } catch (IOException e) {
          // no process, or gone by now
        }
      }
    }
    return children;
  }
}
