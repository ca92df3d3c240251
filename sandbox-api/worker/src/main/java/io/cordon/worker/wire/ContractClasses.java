package io.cordon.worker.wire;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.Constructor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers the class files that make a contract known to a worker. */
final class ContractClasses {
  /** A contract that needs more drags an application along. */
  private static final int MOST_CLASSES = 2000;

  private final Contract contract;
  private final Set<Class<?>> wanted = new LinkedHashSet<>();
  private final Deque<Class<?>> unread = new ArrayDeque<>();

  ContractClasses(Contract contract) {
    this.contract = contract;
  }

  SequencedMap<String, byte[]> collect() throws ContractException {
    wantSignatures();
    Set<String> packages = new HashSet<>();
    for (Class<?> type : wanted) {
      packages.add(type.getPackageName());
    }
    SequencedMap<String, byte[]> files = new LinkedHashMap<>();
    for (Class<?> next = unread.poll(); next != null; next = unread.poll()) {
      if (files.size() == MOST_CLASSES) {
        throw new ContractException(
            contract.type().getTypeName() + " needs more than " + MOST_CLASSES + " classes");
      }
      byte[] file = read(next);
      files.put(next.getName(), file);
      if (next.isRecord()) {
        // To find one constructor, reflection looks at all.
        for (Constructor<?> constructor : next.getDeclaredConstructors()) {
          wantAll(constructor.getParameterTypes());
        }
      }
      if (packages.contains(next.getPackageName())) {
        wantNeighbours(next, file);
      }
    }
    return files;
  }

  private void wantSignatures() {
    want(contract.type());
    Set<PlainType> seen = new HashSet<>();
    for (ContractMethod method : contract.methods()) {
      // What a generic superinterface says differs from what its type arguments make of it.
      wantAll(method.method().getParameterTypes());
      want(method.method().getReturnType());
      wantAll(method.method().getExceptionTypes());
      for (PlainType parameter : method.parameters()) {
        want(parameter, seen);
      }
      want(method.result(), seen);
    }
  }

  private void want(PlainType type, Set<PlainType> seen) {
    if (!seen.add(type)) {
      return;
    }
    want(type.javaType());
    switch (type) {
      case PlainType.Nothing nothing -> {}
      case PlainType.Scalar scalar -> {}
      case PlainType.EnumOf enumOf -> {}
      case PlainType.OptionalOf optional -> want(optional.element(), seen);
      case PlainType.ArrayOf array -> want(array.element(), seen);
      case PlainType.CollectionOf collection -> want(collection.element(), seen);
      case PlainType.MapOf map -> {
        want(map.key(), seen);
        want(map.value(), seen);
      }
      case PlainType.RecordOf record -> {
        for (PlainType.Component component : record.components()) {
          want(component.type(), seen);
        }
      }
      case PlainType.SealedOf sealed -> {
        for (PlainType.Alternative alternative : sealed.alternatives()) {
          want(alternative.type(), seen);
        }
      }
    }
  }

  /**
   * What the code of a class uses of its own package: constant bodies of enums, nested classes,
   * helpers. Code of other packages would drag an application along, and give it away.
   */
  private void wantNeighbours(Class<?> type, byte[] file) throws ContractException {
    try {
      for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
        if (entry instanceof ClassEntry mentioned) {
          wantNeighbour(type, mentioned.asInternalName());
        }
      }
    } catch (IllegalArgumentException e) {
      throw new ContractException(type.getTypeName() + " has a broken class file", e);
    }
  }

  private void wantNeighbour(Class<?> type, String internalName) {
    if (internalName.startsWith("[")) {
      return;
    }
    String name = internalName.replace('/', '.');
    int dot = name.lastIndexOf('.');
    if (!type.getPackageName().equals(dot < 0 ? "" : name.substring(0, dot))) {
      return;
    }
    try {
      want(Class.forName(name, false, type.getClassLoader()));
    } catch (ClassNotFoundException | LinkageError e) {
      // An optional part that is missing here; the code can't have used it on the host either.
      return;
    }
  }

  private void wantAll(Class<?>[] types) {
    for (Class<?> type : types) {
      want(type);
    }
  }

  /** Wants a class, and what the JVM needs to link it and to say what it is called. */
  private void want(@Nullable Class<?> type) {
    if (type == null) {
      return;
    }
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    if (element.isPrimitive() || isOfJdk(element) || !wanted.add(element)) {
      return;
    }
    unread.add(element);
    want(element.getSuperclass());
    wantAll(element.getInterfaces());
    want(element.getEnclosingClass());
  }

  private static boolean isOfJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
  }

  private static byte[] read(Class<?> type) throws ContractException {
    String resource = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getResourceAsStream(resource)) {
      if (in == null) {
        throw new ContractException(
            type.getTypeName() + " has no class file: its class loader gives none for " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ContractException("the class file of " + type.getTypeName() + ": " + e, e);
    }
  }
}
