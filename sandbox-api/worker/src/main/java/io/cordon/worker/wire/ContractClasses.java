package io.cordon.worker.wire;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.Constructor;
import java.util.ArrayDeque;
import java.util.Deque;
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
  private final Deque<Class<?>> open = new ArrayDeque<>();

  ContractClasses(Contract contract) {
    this.contract = contract;
  }

  SequencedMap<String, byte[]> collect() throws ContractException {
    want(contract.type());
    Set<PlainType> seen = new LinkedHashSet<>();
    for (ContractMethod method : contract.methods()) {
      // An overridden method of a generic superinterface has an erased signature of its own.
      wantAll(method.method().getParameterTypes());
      want(method.method().getReturnType());
      wantAll(method.method().getExceptionTypes());
      for (PlainType parameter : method.parameters()) {
        want(parameter, seen);
      }
      want(method.result(), seen);
    }
    SequencedMap<String, byte[]> files = new LinkedHashMap<>();
    for (Class<?> next = open.poll(); next != null; next = open.poll()) {
      if (files.size() == MOST_CLASSES) {
        throw new ContractException(
            contract.type().getTypeName() + " needs more than " + MOST_CLASSES + " classes");
      }
      byte[] file = read(next);
      files.put(next.getName(), file);
      wantLinked(next);
      wantNeighbours(next, file);
    }
    return files;
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

  /** What the JVM loads when it links a class, and reflection when it looks for a constructor. */
  private void wantLinked(Class<?> type) throws ContractException {
    Class<?> superclass = type.getSuperclass();
    if (superclass != null) {
      want(superclass);
    }
    wantAll(type.getInterfaces());
    Class<?> @Nullable [] permitted = type.getPermittedSubclasses();
    if (permitted != null) {
      wantAll(permitted);
    }
    Class<?> enclosing = type.getEnclosingClass();
    if (enclosing != null) {
      want(enclosing);
    }
    try {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        wantAll(constructor.getParameterTypes());
      }
    } catch (LinkageError e) {
      throw new ContractException(type.getTypeName() + " can't be linked: " + e, e);
    }
  }

  /**
   * What the code of the class uses of its own package: constant bodies of enums, nested classes,
   * helpers. Code that uses more would drag an application along, and give it away.
   */
  private void wantNeighbours(Class<?> type, byte[] file) throws ContractException {
    ClassModel model;
    try {
      model = ClassFile.of().parse(file);
      for (PoolEntry entry : model.constantPool()) {
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

  private void want(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    if (!element.isPrimitive() && !isOfJdk(element) && wanted.add(element)) {
      open.add(element);
    }
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
