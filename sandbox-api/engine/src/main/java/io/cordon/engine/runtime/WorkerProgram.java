package io.cordon.engine.runtime;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.worker.wire.Message;
import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.WireLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the worker's JVM is started. */
final class WorkerProgram {
  private static final String MAIN_CLASS = "io.cordon.worker.Main";

  private static final CellSpec.Greeting GREETING = CellSpec.Greeting.of(ready());

  private WorkerProgram() {}

  /** What a worker writes when it is ready for its first question. */
  private static byte[] ready() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      new MessageWriter(said, WireLimits.DEFAULT.maxFrame())
          .write(new ToHost.Ready(Message.VERSION));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // to memory
    }
    return said.toByteArray();
  }

  /** A worker that serves a channel. */
  static CellSpec.Program.Jvm serving(
      WorkerKind kind, SandboxLimits limits, List<Path> classPath, Optional<Path> startupCache) {
    WorkerMemory memory = WorkerMemory.within(limits, kind);
    List<String> options = new ArrayList<>(fixedOptions(kind));
    options.add("-Xmx" + memory.heapMiB() + "m");
    options.add("-XX:MaxMetaspaceSize=" + memory.metaspaceMiB() + "m");
    return new CellSpec.Program.Jvm(
        options, classPath, startupCache, MAIN_CLASS, List.of(mode(kind)), Optional.of(GREETING));
  }

  /** A worker that talks to itself, under an AOT mode of the JVM. */
  static CellSpec.Program.Jvm training(
      WorkerKind kind, List<Path> classPath, List<String> aotOptions) {
    List<String> options = new ArrayList<>(fixedOptions(kind));
    options.addAll(aotOptions);
    return new CellSpec.Program.Jvm(
        options, classPath, Optional.empty(), MAIN_CLASS, List.of("train-" + mode(kind)));
  }

  private static String mode(WorkerKind kind) {
    return switch (kind) {
      case PLUGIN -> "plugin";
      case JAVASCRIPT -> "js";
    };
  }

  /** The options that an AOT cache depends on, and those that never change. */
  static List<String> fixedOptions(WorkerKind kind) {
    List<String> options = new ArrayList<>();
    options.add("-XX:+UseSerialGC");
    // Short jobs: the first compiler starts them twice as fast, and needs a thread less.
    options.add("-XX:TieredStopAtLevel=1");
    options.add("-XX:ReservedCodeCacheSize=48m");
    options.add("-Xss" + stack(kind));
    // A guest that catches OutOfMemoryError would go on, half dead, below every kernel counter.
    options.add("-XX:+ExitOnOutOfMemoryError");
    // The standard output is the channel: a word of the JVM's own there would break it.
    options.add("-XX:+DisplayVMOutputToStderr");
    options.add("-Xlog:disable"); // which goes to the standard output all the same
    options.add("-Xlog:all=warning:stderr");
    options.add("-XX:+ErrorFileToStderr");
    options.add("-XX:-CreateCoredumpOnCrash");
    options.add("-XX:-UsePerfData");
    options.add("-XX:+DisableAttachMechanism");
    options.add("-Djava.io.tmpdir=" + CellSpec.WORKING_DIRECTORY);
    options.add("-Dfile.encoding=UTF-8");
    options.add("-Dstdout.encoding=UTF-8");
    options.add("-Dstderr.encoding=UTF-8");
    if (kind.language().isPresent()) {
      options.add("--enable-native-access=ALL-UNNAMED");
      options.add("--sun-misc-unsafe-memory-access=allow");
      // Truffle would unpack a library into a home that is not there, for attaching it does not do.
      options.add("-Dpolyglotimpl.AttachLibraryFailureAction=ignore");
    }
    return options;
  }

  /** A script's recursion is many Java frames deep; a plugin's is what it would be anywhere. */
  private static String stack(WorkerKind kind) {
    return switch (kind) {
      case PLUGIN -> "1m";
      case JAVASCRIPT -> "16m";
    };
  }
}
