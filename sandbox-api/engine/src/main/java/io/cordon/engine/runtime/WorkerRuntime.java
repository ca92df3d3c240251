package io.cordon.engine.runtime;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.engine.runtime.StagedJars.StagedJar;
import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.Script.Language;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.sandbox.spi.IsolationStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * What is run in a worker's cell. Jars are staged, and start-up caches made, when a kind of worker
 * is first wanted; that may take seconds, and happens once.
 */
public final class WorkerRuntime implements AutoCloseable {
  private static final String WORKER = "worker.jar";

  private final StagedJars staged;
  private final LanguageJars languages;
  private final StartupCaches caches;
  private final ConcurrentMap<Key, CompletableFuture<Prepared>> prepared =
      new ConcurrentHashMap<>();
  private final Set<Thread> preparing = ConcurrentHashMap.newKeySet();

  private record Key(String strategy, WorkerKind kind) {}

  /** The files of one kind of worker, ready to be used. */
  public static final class Prepared {
    private final WorkerKind kind;
    private final List<Path> classPath;
    private final Optional<Path> startupCache;

    private Prepared(WorkerKind kind, List<StagedJar> jars, Optional<Path> startupCache) {
      this.kind = kind;
      this.classPath = jars.stream().map(StagedJar::path).toList();
      this.startupCache = startupCache;
    }

    /** A worker that is held to these limits. */
    public CellSpec.Program.Jvm program(SandboxLimits limits) {
      return WorkerProgram.serving(kind, limits, classPath, startupCache);
    }
  }

  /**
   * Prepares workers.
   *
   * @param cache the cache directory
   * @param languages finds the jars of languages
   * @param progress is told what takes long
   */
  public WorkerRuntime(Path cache, LanguageJars languages, Consumer<String> progress) {
    this.staged = new StagedJars(cache.resolve("jars"));
    this.caches = new StartupCaches(cache.resolve("startup"), progress);
    this.languages = languages;
  }

  /**
   * Checks that a kind of worker can start within these limits at all.
   *
   * @throws io.cordon.sandbox.SandboxException if one is too small, with the least that would do
   */
  public static void requireRoom(WorkerKind kind, SandboxLimits limits) {
    WorkerMemory.within(limits, kind);
  }

  /**
   * Prepares a kind of worker, which may take long. Who wants the same waits for the same; what has
   * failed is tried again.
   */
  public CompletableFuture<Prepared> prepare(IsolationStrategy strategy, WorkerKind kind) {
    Key key = new Key(strategy.name(), kind);
    CompletableFuture<Prepared> known = prepared.get(key);
    if (known != null && !known.isCompletedExceptionally()) {
      return known;
    }
    CompletableFuture<Prepared> mine = new CompletableFuture<>();
    boolean first =
        known == null
            ? prepared.putIfAbsent(key, mine) == null
            : prepared.replace(key, known, mine);
    if (!first) {
      return prepare(strategy, kind);
    }
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("cordon-prepare-" + kind.key())
            .unstarted(() -> prepare(strategy, kind, mine));
    preparing.add(thread);
    thread.start();
    return mine;
  }

  private void prepare(
      IsolationStrategy strategy, WorkerKind kind, CompletableFuture<Prepared> result) {
    try {
      List<StagedJar> jars = stage(kind);
      result.complete(new Prepared(kind, jars, caches.get(strategy, kind, jars)));
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    } finally {
      preparing.remove(Thread.currentThread());
    }
  }

  /** What would be run, without making anything that takes long. */
  public CellSpec.Program.Jvm outline(WorkerKind kind, SandboxLimits limits) {
    return new Prepared(kind, stage(kind), Optional.empty()).program(limits);
  }

  private List<StagedJar> stage(WorkerKind kind) {
    List<StagedJar> all = new ArrayList<>();
    all.add(staged.stage(WORKER, WorkerRuntime::carriedWorker));
    kind.language().map(this::stage).ifPresent(all::addAll);
    return all;
  }

  private List<StagedJar> stage(Language language) {
    return languages.find(language).entrySet().stream()
        .map(jar -> staged.stage(jar.getKey(), () -> LanguageJars.open(jar.getValue())))
        .toList();
  }

  private static InputStream carriedWorker() throws IOException {
    InputStream worker = WorkerRuntime.class.getResourceAsStream("/io/cordon/engine/" + WORKER);
    if (worker == null) {
      throw new IOException("this engine was built without its worker");
    }
    return worker;
  }

  /** Gives up what is being prepared. */
  @Override
  public void close() {
    for (Thread thread : preparing) {
      thread.interrupt();
      Uninterruptibles.joinUninterruptibly(thread);
    }
  }
}
