package io.cordon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.worker.wire.Trait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.AccessFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraitReaderTest {
  private static final ClassDesc NAME = ClassDesc.of("guest.Plugin");

  @TempDir Path directory;

  @Test
  void plainJavaHasNone() {
    assertThat(traitsOf(classCalling("java.lang.String", "valueOf"))).isEmpty();
    assertThat(traits(Map.of("text.txt", bytes("System.loadLibrary")))).isEmpty();
  }

  @Test
  void nativeCode() {
    byte[] declared =
        ClassFile.of()
            .build(
                NAME,
                type ->
                    type.withMethod(
                        "far",
                        MethodTypeDesc.ofDescriptor("()V"),
                        AccessFlag.STATIC.mask() | AccessFlag.NATIVE.mask(),
                        method -> {}));
    assertThat(traitsOf(declared)).containsExactly(Trait.NATIVE);
    assertThat(traitsOf(classCalling("java.lang.System", "loadLibrary")))
        .containsExactly(Trait.NATIVE);
    assertThat(traitsOf(classCalling("java.lang.Runtime", "load"))).containsExactly(Trait.NATIVE);
    for (String library : List.of("a/libx.so", "libx.so.1.2", "X.DLL", "x.dylib", "x.jnilib")) {
      assertThat(traits(Map.of(library, new byte[0]))).as(library).containsExactly(Trait.NATIVE);
    }
  }

  @Test
  void foreignFunctionsUnsafeAgentsAndProcesses() {
    assertThat(traitsOf(classCalling("java.lang.foreign.Linker", "nativeLinker")))
        .containsExactly(Trait.FOREIGN);
    assertThat(traitsOf(classCalling("sun.misc.Unsafe", "allocateMemory")))
        .containsExactly(Trait.UNSAFE);
    assertThat(traitsOf(classCalling(Instrumentation.class.getName(), "redefineClasses")))
        .containsExactly(Trait.AGENT);
    assertThat(traitsOf(classCalling("java.lang.ProcessBuilder", "start")))
        .containsExactly(Trait.PROCESSES);
    assertThat(traitsOf(classCalling("java.lang.Runtime", "exec")))
        .containsExactly(Trait.PROCESSES);
  }

  @Test
  void namesForReflectionCount() {
    byte[] reflecting =
        ClassFile.of()
            .build(
                NAME,
                type ->
                    type.withMethodBody(
                        "run",
                        MethodTypeDesc.ofDescriptor("()V"),
                        AccessFlag.STATIC.mask(),
                        code -> code.ldc("sun.misc.Unsafe").pop().return_()));
    assertThat(traitsOf(reflecting)).containsExactly(Trait.UNSAFE);
  }

  @Test
  void agentsAreNamedInTheManifest() {
    byte[] manifest = bytes("Manifest-Version: 1.0\r\nPremain-Class: guest.Agent\r\n\r\n");
    assertThat(traits(Map.of("META-INF/MANIFEST.MF", manifest))).containsExactly(Trait.AGENT);
  }

  @Test
  void classesOfOtherVersionsCountToo() {
    byte[] spawning = classCalling("java.lang.ProcessBuilder", "start");
    assertThat(traits(Map.of("META-INF/versions/21/guest/Plugin.class", spawning)))
        .containsExactly(Trait.PROCESSES);
  }

  @Test
  void whatCannotBeReadMayBeAnything() throws IOException {
    assertThat(traitsOf(bytes("no class"))).containsExactly(Trait.UNREADABLE);
    byte[] cut = classCalling("java.lang.String", "valueOf");
    assertThat(traitsOf(java.util.Arrays.copyOf(cut, cut.length / 2)))
        .containsExactly(Trait.UNREADABLE);
    Path noJar = Files.writeString(directory.resolve("no.jar"), "no jar");
    assertThat(TraitReader.read(List.of(noJar.toFile()))).containsExactly(Trait.UNREADABLE);
  }

  private static byte[] classCalling(String owner, String method) {
    return ClassFile.of()
        .build(
            NAME,
            type ->
                type.withMethodBody(
                    "run",
                    MethodTypeDesc.ofDescriptor("()V"),
                    AccessFlag.STATIC.mask(),
                    code ->
                        code.invokestatic(
                                ClassDesc.of(owner), method, MethodTypeDesc.ofDescriptor("()V"))
                            .return_()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Set<Trait> traitsOf(byte[] classFile) {
    return traits(Map.of("guest/Plugin.class", classFile));
  }

  private Set<Trait> traits(Map<String, byte[]> entries) {
    try {
      Path jar = Files.createTempFile(directory, "plugin", ".jar");
      try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
          out.putNextEntry(new ZipEntry(entry.getKey()));
          out.write(entry.getValue());
        }
      }
      return TraitReader.read(List.of(jar.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
