package io.cordon.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Sets canaries before each attack, and looks after them and the heap when it is over. */
final class HostUnharmed implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(HostUnharmed.class);

  // More than what the engine and the test framework load while a test runs; far less than what
  // the floods among the attacks write.
  private static final long HEAP_GROWTH = 32 << 20;

  @Override
  public void beforeEach(ExtensionContext context) {
    store(context).put(HostCanaries.class, HostCanaries.set());
    store(context).put("heap", usedHeap());
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    HostCanaries canaries = store(context).remove(HostCanaries.class, HostCanaries.class);
    try (canaries) {
      canaries.assertUnharmed();
    }
    long before = store(context).get("heap", Long.class);
    assertThat(usedHeap() - before).as("growth of the host's heap").isLessThan(HEAP_GROWTH);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == HostCanaries.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return store(context).get(HostCanaries.class, HostCanaries.class);
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }
}
