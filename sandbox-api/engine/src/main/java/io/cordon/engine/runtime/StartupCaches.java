package io.cordon.engine.runtime;

import io.cordon.engine.stream.Capture;
import io.cordon.engine.stream.Discard;
import io.cordon.engine.stream.GuestOutput;
import io.cordon.engine.stream.GuestText;
import io.cordon.engine.stream.OutputMeter;
import io.cordon.engine.stream.Pump;
import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.spi.Cell;
import io.cordon.sandbox.spi.CellExit;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * AOT caches (JEP 514) for workers: made once for a JDK, a processor, a strategy and a class path,
 * by letting a worker try itself out in a cell like the ones that will use the cache. Without one a
 * worker starts all the same, only slower.
 */
final class StartupCaches {
  private static final long MIB = 1024 * 1024;

  /** Nobody's code but Cordon's own runs here: what matters is that it is enough. */
  private static final SandboxLimits TRAINING =
      new SandboxLimits(4000, 1536 * MIB, 256, new SandboxLimits.Disk(512 * MIB, 1000));

  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final String TENANT = "cordon-training";
  private static final String CONFIGURATION = "worker.aotconf";
  private static final String CACHE = "worker.aot";
  private static final String SUFFIX = ".aot";

  private final Path directory;
  private final Consumer<String> progress;

  StartupCaches(Path directory, Consumer<String> progress) {
    this.directory = directory;
    this.progress = progress;
  }

  /**
   * The cache for such a worker, which is made first where it is not there; empty if that fails.
   */
  Optional<Path> get(IsolationStrategy strategy, WorkerKind kind, List<StagedJars.StagedJar> jars) {
    if (!strategy.usesStartupCaches()) {
      return Optional.empty();
    }
    String name = kind.key() + "-" + key(strategy, kind, jars);
    try {
      OwnFiles.requireDirectory(directory);
      Optional<Path> known = find(name);
      return known.isPresent() ? known : Optional.of(makeOnce(strategy, kind, jars, name));
    } catch (IOException | RuntimeException e) {
      progress.accept(
          "the %s worker's start-up cache can't be made, so it starts slower: %s"
              .formatted(kind.key(), e.getMessage()));
      return Optional.empty();
    }
  }

  /** One JVM makes it; the others that want it at the same time wait for that. */
  private Path makeOnce(
      IsolationStrategy strategy, WorkerKind kind, List<StagedJars.StagedJar> jars, String name)
      throws IOException {
    Path lockFile = directory.resolve(name + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      Optional<Path> others = lock.isValid() ? find(name) : Optional.empty();
      return others.isPresent() ? others.get() : make(strategy, kind, jars, name);
    } catch (OverlappingFileLockException e) {
      // Another Sandboxes of this JVM makes it. To make it twice is a waste, and no harm.
      return make(strategy, kind, jars, name);
    } finally {
      Files.deleteIfExists(lockFile);
    }
  }

  /**
   * The cache of this name that is what its own digest says: a JVM checks little of it, and crashes
   * with one that a full disk or a power failure has left in pieces. Others are removed.
   */
  private Optional<Path> find(String name) throws IOException {
    try (DirectoryStream<Path> candidates =
        Files.newDirectoryStream(directory, name + ".*" + SUFFIX)) {
      for (Path candidate : candidates) {
        if (OwnFiles.isOwnFile(candidate)
            && candidate.equals(path(name, Digests.sha256(Files.newInputStream(candidate))))) {
          return Optional.of(candidate);
        }
        Files.deleteIfExists(candidate);
      }
      return Optional.empty();
    }
  }

  private Path path(String name, String digest) {
    return directory.resolve(name + "." + digest + SUFFIX);
  }

  private Path make(
      IsolationStrategy strategy, WorkerKind kind, List<StagedJars.StagedJar> jars, String name)
      throws IOException {
    progress.accept("preparing the %s worker, once for this machine".formatted(kind.key()));
    List<Path> classPath = jars.stream().map(StagedJars.StagedJar::path).toList();
    String inside = CellSpec.WORKING_DIRECTORY + "/";
    byte[] configuration =
        run(
            strategy,
            kind.key() + "-record",
            WorkerProgram.training(
                kind,
                classPath,
                List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + inside + CONFIGURATION)),
            List.of(),
            CONFIGURATION);
    byte[] made =
        run(
            strategy,
            kind.key() + "-create",
            WorkerProgram.training(
                kind,
                classPath,
                List.of(
                    "-XX:AOTMode=create",
                    "-XX:AOTConfiguration=" + inside + CONFIGURATION,
                    "-XX:AOTCache=" + inside + CACHE)),
            List.of(new CellSpec.InputFile(CONFIGURATION, configuration)),
            CACHE);
    Path cache = path(name, Digests.sha256(new ByteArrayInputStream(made)));
    Path incoming = Files.createTempFile(directory, ".incoming", "");
    try {
      Files.write(incoming, made);
      Files.setPosixFilePermissions(incoming, OwnFiles.FILE);
      Files.move(incoming, cache, StandardCopyOption.ATOMIC_MOVE);
      return cache;
    } finally {
      Files.deleteIfExists(incoming);
    }
  }

  /** Runs one step to its end, and takes the file that it made. */
  private static byte[] run(
      IsolationStrategy strategy,
      String name,
      CellSpec.Program program,
      List<CellSpec.InputFile> inputs,
      String product)
      throws IOException {
    CellSpec spec =
        new CellSpec(TENANT, name, program, Map.of(), inputs, TRAINING, Duration.ofSeconds(30));
    Capture errors = new Capture();
    try (Cell cell = strategy.launch(spec)) {
      cell.stdin().close();
      Thread output = drain(cell.stdout(), new Discard());
      Thread errorOutput = drain(cell.stderr(), errors);
      CellExit exit = cell.exit().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
      output.join();
      errorOutput.join();
      if (!exit.equals(new CellExit.Exited(0))) {
        throw new IOException(
            "the step %s ended with %s: %s"
                .formatted(name, exit, GuestText.lastLine(errors.captured())));
      }
      return cell.readFile(product, TRAINING.disk().bytes());
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the step %s did not end: %s".formatted(name, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    }
  }

  private static Thread drain(InputStream from, GuestOutput to) {
    OutputMeter enough = new OutputMeter(MIB, written -> {});
    return Thread.ofPlatform()
        .daemon()
        .name("cordon-training")
        .start(() -> Pump.drain(from, to, enough));
  }

  /** Whatever changes what a JVM would put into the cache, or whether it could use it. */
  private static String key(
      IsolationStrategy strategy, WorkerKind kind, List<StagedJars.StagedJar> jars) {
    MessageDigest digest = Digests.sha256();
    add(digest, strategy.name());
    add(digest, System.getProperty("java.vm.version"));
    add(digest, System.getProperty("java.vendor.version", ""));
    add(digest, System.getProperty("java.home"));
    add(digest, System.getProperty("os.arch"));
    add(digest, processor());
    WorkerProgram.fixedOptions(kind).forEach(option -> add(digest, option));
    jars.forEach(jar -> add(digest, jar.path().getFileName() + "=" + jar.digest()));
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  private static void add(MessageDigest digest, String part) {
    digest.update(part.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  /** A cache that was made for a processor with more features crashes on one with fewer. */
  private static String processor() {
    try {
      return Files.readString(Path.of("/proc/cpuinfo"))
          .lines()
          .filter(
              line ->
                  line.startsWith("flags")
                      || line.startsWith("model name")
                      || line.startsWith("Features"))
          .distinct()
          .reduce("", String::concat);
    } catch (IOException e) {
      return "unknown";
    }
  }
}
