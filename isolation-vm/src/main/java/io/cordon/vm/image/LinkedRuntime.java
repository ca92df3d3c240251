package io.cordon.vm.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.process.program.JavaInstallation;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.host.HostTool;
import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The Java runtime that guests have: this JVM's, without compilers, debuggers and other tools, made
 * by {@code jlink} once and kept. Its stack traces keep their line numbers.
 *
 * <p>It has the archive of classes that every JDK comes with. That one holds no machine code, so a
 * lesser processor may use it; an AOT cache holds some, and a guest's processor is not the host's.
 *
 * <p>A runtime that has no {@code jlink}, or has been changed since it was installed, is used as it
 * is.
 */
final class LinkedRuntime {
  /** Modules of the JDK that are programs for developers. Those that others need are linked. */
  private static final List<String> TOOLS =
      List.of(
          "jdk.attach",
          "jdk.compiler",
          "jdk.editpad",
          "jdk.graal.compiler",
          "jdk.graal.compiler.management",
          "jdk.hotspot.agent",
          "jdk.jartool",
          "jdk.javadoc",
          "jdk.jcmd",
          "jdk.jconsole",
          "jdk.jdeps",
          "jdk.jdi",
          "jdk.jdwp.agent",
          "jdk.jlink",
          "jdk.jpackage",
          "jdk.jshell",
          "jdk.jstatd");

  private static final List<String> NOT_FOR_PROGRAMS = List.of("jdk.internal.", "jdk.incubator.");
  private static final Duration LINKING = Duration.ofMinutes(5);

  private final PrivateCache cache;
  private final Consumer<String> progress;

  LinkedRuntime(PrivateCache cache, Consumer<String> progress) {
    this.cache = cache;
    this.progress = progress;
  }

  /** The directory of the runtime, linked now if it hasn't been. */
  Path of(JavaInstallation java) throws IOException {
    HostTool jlink = new HostTool(java.home().resolve("bin/jlink").toString(), "");
    if (jlink.find().isEmpty()) {
      return java.home();
    }
    String modules = modules();
    try {
      return cache
          .get("java-" + key(java.home(), modules), into -> link(jlink, modules, into))
          .resolve("java");
    } catch (SandboxException e) {
      progress.accept("guests get the whole Java runtime: " + e.reason());
      return java.home();
    }
  }

  private void link(HostTool jlink, String modules, Path into) throws IOException {
    progress.accept("linking a Java runtime for guests");
    jlink.require(
        into,
        LINKING,
        List.of(
            "--add-modules",
            modules,
            "--no-header-files",
            "--no-man-pages",
            "--generate-cds-archive",
            "--output",
            "java"));
  }

  private static String modules() {
    return ModuleFinder.ofSystem().findAll().stream()
        .map(module -> module.descriptor().name())
        .filter(name -> !TOOLS.contains(name))
        .filter(name -> NOT_FOR_PROGRAMS.stream().noneMatch(name::startsWith))
        .sorted()
        .collect(Collectors.joining(","));
  }

  /** An update of the package replaces these files. */
  private static String key(Path home, String modules) throws IOException {
    String all =
        "%s\n%s\n%s"
            .formatted(
                FileStamp.of(home.resolve("release")),
                FileStamp.of(home.resolve("lib/modules")),
                modules);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
