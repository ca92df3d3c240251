package io.cordon.worker.wire;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A public interface that host and plugin share: its methods, numbered, with what goes in and comes
 * out of them. Both ends make it of their own copy of the interface and agree on the numbers.
 * Immutable.
 *
 * <p>Default methods are methods like others: they run where the plugin is. Static methods and
 * those of {@code Object} are not part of it. A bridge method that the compiler made is not either:
 * a proxy passes it to {@link java.lang.reflect.InvocationHandler#invokeDefault}, which calls the
 * method it stands for.
 */
public final class Contract {
  private final Class<?> type;
  private final List<ContractMethod> methods;
  private final Map<Method, ContractMethod> byMethod;

  private Contract(Class<?> type, List<ContractMethod> methods) {
    this.type = type;
    this.methods = List.copyOf(methods);
    this.byMethod = new HashMap<>();
    for (ContractMethod method : methods) {
      byMethod.put(method.method(), method);
    }
  }

  /**
   * The contract of an interface.
   *
   * @throws ContractException if it can't be one; says which part, and why
   */
  public static Contract of(Class<?> type) throws ContractException {
    checkInterface(type);
    PlainTypes types = new PlainTypes();
    PlainTypes.Bindings bindings = types.bindingsOf(type);
    List<ContractMethod> methods = new ArrayList<>();
    for (Method method : remoteMethods(type)) {
      String path = type.getSimpleName() + "." + method.getName();
      Type[] parameterTypes = method.getGenericParameterTypes();
      List<PlainType> parameters = new ArrayList<>();
      for (int i = 0; i < parameterTypes.length; i++) {
        String at = path + "(arg " + i + ")";
        PlainType parameter = types.of(parameterTypes[i], bindings, at);
        if (parameter instanceof PlainType.Nothing) {
          throw new ContractException(at + ": Void has no values");
        }
        parameters.add(parameter);
      }
      PlainType result = types.of(method.getGenericReturnType(), bindings, path + "()");
      methods.add(new ContractMethod(methods.size(), method, parameters, result));
    }
    if (methods.isEmpty()) {
      throw new ContractException(type.getTypeName() + " has no methods to call");
    }
    return new Contract(type, methods);
  }

  private static void checkInterface(Class<?> type) throws ContractException {
    String name = type.getTypeName();
    if (!type.isInterface() || type.isAnnotation()) {
      throw new ContractException(name + " is not an interface");
    }
    if (!Modifier.isPublic(type.getModifiers())) {
      throw new ContractException(name + " is not public");
    }
    if (type.isSealed()) {
      throw new ContractException(name + " is sealed: a plugin could not implement it");
    }
    if (type.getTypeParameters().length > 0) {
      throw new ContractException(
          name + " is generic: extend it with an interface that gives its type arguments");
    }
    if (type.isHidden()) {
      throw new ContractException(name + " is a hidden class, which has no class file");
    }
  }

  /** In an order that both ends work out alike; reflection promises none. */
  private static List<Method> remoteMethods(Class<?> type) {
    List<Method> methods = new ArrayList<>();
    for (Method method : type.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers()) && !method.isBridge() && !isOfObject(method)) {
        methods.add(method);
      }
    }
    methods.sort(Comparator.comparing(Contract::signature));
    return methods;
  }

  private static String signature(Method method) {
    return method.getName()
        + MethodType.methodType(method.getReturnType(), method.getParameterTypes())
            .descriptorString();
  }

  private static boolean isOfObject(Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    return switch (method.getName()) {
      case "toString", "hashCode" -> parameters.length == 0;
      case "equals" -> parameters.length == 1 && parameters[0] == Object.class;
      default -> false;
    };
  }

  /** The interface. */
  public Class<?> type() {
    return type;
  }

  /** The methods; each at its index. */
  public List<ContractMethod> methods() {
    return methods;
  }

  /** The contract's method that a method object stands for, such as a proxy is called with. */
  public Optional<ContractMethod> find(Method method) {
    ContractMethod known = byMethod.get(method);
    if (known != null) {
      return Optional.of(known);
    }
    // The same method as a superinterface declares it.
    for (ContractMethod candidate : methods) {
      if (candidate.method().getName().equals(method.getName())
          && candidate.method().getReturnType() == method.getReturnType()
          && Arrays.equals(candidate.method().getParameterTypes(), method.getParameterTypes())) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /**
   * The class files that a worker needs to know the contract, by binary name: those of the
   * interface, of the types that its methods mention, of what these extend, and of the classes
   * beside them (in the same package) that their own code uses. Nothing of the JDK. They are read
   * as resources of the classes' own loaders, so it does not matter where these have them from.
   *
   * @throws ContractException if a class has no class file to be read
   */
  public SequencedMap<String, byte[]> classFiles() throws ContractException {
    return new ContractClasses(this).collect();
  }

  @Override
  public String toString() {
    return "Contract[" + type.getTypeName() + "]";
  }
}
