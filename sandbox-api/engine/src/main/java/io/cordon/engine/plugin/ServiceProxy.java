package io.cordon.engine.plugin;

import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.worker.wire.Contract;
import io.cordon.worker.wire.ContractMethod;
import io.cordon.worker.wire.MethodCodec;
import io.cordon.worker.wire.ValueException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The host's side of a service: an object of the application whose calls run in the sandbox. */
final class ServiceProxy implements InvocationHandler {
  private final PluginSandbox sandbox;
  private final int service;
  private final Contract contract;
  private final List<MethodCodec> codecs;

  ServiceProxy(PluginSandbox sandbox, int service, Contract contract, List<MethodCodec> codecs) {
    this.sandbox = sandbox;
    this.service = service;
    this.contract = contract;
    this.codecs = codecs;
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(proxy, method, arguments);
    }
    Optional<ContractMethod> known = contract.find(method);
    if (known.isEmpty()) {
      // A bridge that the compiler made: it calls the method that it stands for.
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    int index = known.get().index();
    MethodCodec codec = codecs.get(index);
    return sandbox.call(service, index, encoded(method, codec, arguments), codec);
  }

  private static byte[] encoded(
      Method method, MethodCodec codec, @Nullable Object @Nullable [] arguments) {
    try {
      return codec.writeArguments(arguments);
    } catch (ValueException e) {
      throw new SandboxException(
          ErrorCode.BAD_VALUE,
          "an argument of %s can't be sent: %s".formatted(method.getName(), e.getMessage()),
          e);
    }
  }

  /** What any object can do is done here: the plugin has no say in it. */
  @SuppressWarnings("ReferenceEquality") // what Object.equals means
  private Object ofObject(Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "service " + contract.type().getName() + " in a sandbox";
      default -> throw new IllegalStateException("a proxy passes no other: " + method);
    };
  }
}
