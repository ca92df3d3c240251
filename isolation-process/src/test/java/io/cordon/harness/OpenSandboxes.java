package io.cordon.harness;

import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Opens the sandboxes of a {@link SandboxTest}, and closes them before the leaks are looked for.
 */
public final class OpenSandboxes implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(OpenSandboxes.class);

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    Path directory = Files.createTempDirectory("policies");
    StrategyUnderTest strategy = StrategyUnderTest.of(context);
    PolicyFolder folder = PolicyFolder.in(directory, strategy);
    for (TenantPolicy policy :
        AnnotationSupport.findRepeatableAnnotations(
            context.getRequiredTestClass(), TenantPolicy.class)) {
      folder.tenant(policy.name(), policy.value());
    }
    store(context).put(PolicyFolder.class, folder);
    store(context)
        .put(Sandboxes.class, Sandboxes.builder(directory).cache(strategy.cache()).open());
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    // Out of the store at once: JUnit would close it only after the leaks were looked for.
    Sandboxes sandboxes = store(context).remove(Sandboxes.class, Sandboxes.class);
    if (sandboxes != null) {
      sandboxes.close();
    }
    PolicyFolder folder = store(context).remove(PolicyFolder.class, PolicyFolder.class);
    if (folder != null) {
      try (Stream<Path> files = Files.list(folder.path())) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder.path());
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Sandboxes.class
        || type == Tenant.class
        || type == PolicyFolder.class
        || type == StrategyUnderTest.class
        || type == Tools.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == PolicyFolder.class) {
      return store(context).get(PolicyFolder.class, PolicyFolder.class);
    }
    if (type == StrategyUnderTest.class) {
      return StrategyUnderTest.of(context);
    }
    if (type == Tools.class) {
      return tools(context);
    }
    Sandboxes sandboxes = store(context).get(Sandboxes.class, Sandboxes.class);
    return type == Sandboxes.class
        ? sandboxes
        : sandboxes.tenant(parameter.getParameter().getName());
  }

  /** One for all test classes of this JVM, which JUnit closes with its last. */
  private static Tools tools(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Tools.class, absent -> Tools.make(), Tools.class);
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }
}
