package io.cordon.worker;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Defines the classes that the host shipped. Its parent is the platform's loader: neither the
 * worker nor its libraries can be seen through it.
 */
final class ContractLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();

  ContractLoader() {
    super("contract", ClassLoader.getPlatformClassLoader());
  }

  /**
   * Adds class files.
   *
   * @throws GuestException if a class of this name is known with another content
   */
  void add(Map<String, byte[]> classes) throws GuestException {
    for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
      byte[] known = files.putIfAbsent(entry.getKey(), entry.getValue());
      if (known != null && !Arrays.equals(known, entry.getValue())) {
        throw new GuestException(
            "two contracts mention different classes of the name " + entry.getKey());
      }
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] file = files.get(name);
    if (file == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, file, 0, file.length);
  }
}
