package io.cordon.worker;

import io.cordon.worker.wire.Trait;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.reflect.AccessFlag;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * Reads a plugin's traits out of its jars: what its classes' constant pools name, and what lies
 * beside them. Runs in the cell, for a jar is hostile input to whoever parses it.
 */
final class TraitReader {
  private static final List<String> AGENT_ATTRIBUTES =
      List.of("Premain-Class", "Agent-Class", "Launcher-Agent-Class");

  private final Set<Trait> found = EnumSet.noneOf(Trait.class);

  /** The traits of some jars. */
  static Set<Trait> read(List<File> jars) {
    TraitReader reader = new TraitReader();
    jars.forEach(reader::readJar);
    return reader.found;
  }

  private void readJar(File file) {
    try (JarFile jar = new JarFile(file, false)) {
      Manifest manifest = jar.getManifest();
      if (manifest != null) {
        readManifest(manifest.getMainAttributes());
      }
      // All of them, also those that are for other versions of Java.
      for (ZipEntry entry : Collections.list(jar.entries())) {
        readEntry(jar, entry);
      }
    } catch (IOException | RuntimeException e) {
      found.add(Trait.UNREADABLE);
    }
  }

  private void readManifest(Attributes attributes) {
    if (AGENT_ATTRIBUTES.stream().anyMatch(name -> attributes.getValue(name) != null)) {
      found.add(Trait.AGENT);
    }
  }

  private void readEntry(JarFile jar, ZipEntry entry) throws IOException {
    String name = entry.getName().toLowerCase(Locale.ROOT);
    if (name.endsWith(".class")) {
      try (InputStream in = jar.getInputStream(entry)) {
        readClass(in.readAllBytes());
      }
    } else if (name.matches(".*\\.(so(\\.[0-9.]+)?|dll|dylib|jnilib)")) {
      found.add(Trait.NATIVE);
    }
  }

  private void readClass(byte[] bytes) {
    try {
      ClassModel model = ClassFile.of().parse(bytes);
      for (PoolEntry entry : model.constantPool()) {
        readConstant(entry);
      }
      for (MethodModel method : model.methods()) {
        if (method.flags().has(AccessFlag.NATIVE)) {
          found.add(Trait.NATIVE);
        }
      }
    } catch (RuntimeException e) { // IllegalArgumentException: no class, or of a later Java
      found.add(Trait.UNREADABLE);
    }
  }

  private void readConstant(PoolEntry entry) {
    if (entry instanceof ClassEntry type) {
      readName(type.asInternalName().replace('/', '.'));
    } else if (entry instanceof StringEntry string) {
      readName(string.stringValue()); // for Class.forName
    } else if (entry instanceof MemberRefEntry member) {
      readMember(member.owner().asInternalName(), member.name().stringValue());
    }
  }

  private void readName(String name) {
    if (name.equals("sun.misc.Unsafe") || name.equals("jdk.internal.misc.Unsafe")) {
      found.add(Trait.UNSAFE);
    } else if (name.startsWith("java.lang.foreign.")) {
      found.add(Trait.FOREIGN);
    } else if (name.startsWith("java.lang.instrument.")
        || name.startsWith("com.sun.tools.attach.")) {
      found.add(Trait.AGENT);
    } else if (name.equals("java.lang.ProcessBuilder")) {
      found.add(Trait.PROCESSES);
    }
  }

  private void readMember(String owner, String name) {
    boolean loads = name.equals("load") || name.equals("loadLibrary");
    if (loads && (owner.equals("java/lang/System") || owner.equals("java/lang/Runtime"))) {
      found.add(Trait.NATIVE);
    } else if (name.equals("exec") && owner.equals("java/lang/Runtime")) {
      found.add(Trait.PROCESSES);
    }
  }
}
