package io.cordon.vm;

import io.cordon.process.kernel.Descriptor;
import io.cordon.process.kernel.Errno;
import io.cordon.process.kernel.Kernel;
import io.cordon.process.kernel.SystemCallException;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.vm.disk.ScratchDisks;
import io.cordon.vm.host.DiskBudget;
import io.cordon.vm.host.PrivateCache;
import io.cordon.vm.qemu.Hardware;
import io.cordon.vm.qemu.SavedMachine;
import io.cordon.vm.qemu.TemplateFiles;
import io.cordon.vm.qemu.TemplateFiles.Kept;
import io.cordon.vm.qemu.TemplateKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Saved guests on the disk, from one JVM to the next. They are put there in the background; what
 * was used least recently is removed where they are too many. What is taken is a copy: no JVM
 * depends on what becomes of the files afterwards. Safe for several threads and JVMs.
 */
final class TemplateShelf implements AutoCloseable {
  /** What the guests of a cache may take together: in bytes; a small one takes some 70 MiB. */
  static final long USUAL_BUDGET = 4L << 30;

  // A guest is written in less than a second where nothing else is done.
  private static final Duration WRITING = Duration.ofSeconds(2);
  private static final Duration LEAVING = Duration.ofSeconds(5);

  private final TemplateFiles files;
  private final DiskBudget budget;
  private final Consumer<String> progress;
  private final ThreadPoolExecutor writer;

  /**
   * A shelf in a cache.
   *
   * @param bytes what it may hold
   * @param disks where the scratch disks of what is taken are
   * @param progress is told what was wrong with something on it
   */
  TemplateShelf(
      PrivateCache cache,
      long bytes,
      ScratchDisks disks,
      Kernel kernel,
      Consumer<String> progress) {
    this.files = new TemplateFiles(cache, disks, kernel);
    this.budget = new DiskBudget(cache, bytes, ProcessHandle.current(), file -> room(kernel, file));
    this.progress = progress;
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("cordon-template-writer").factory());
    writer.allowCoreThreadTimeOut(true);
  }

  private static long room(Kernel kernel, Path file) throws IOException {
    try (Descriptor opened = kernel.openFile(file)) {
      return kernel.status(opened).room();
    } catch (SystemCallException e) {
      throw new IOException(file + ": " + Errno.nameOf(e.errno()), e);
    }
  }

  /**
   * What is there under a key. What is damaged is told of and removed, and then nothing is there.
   *
   * @param hardware of which the key was made
   * @param reading makes something of it; throws {@link ErrorCode#BAD_TEMPLATE} if it can't
   */
  <T> Optional<T> take(TemplateKey key, Hardware hardware, Function<Kept, T> reading) {
    try {
      if (!budget.use(key.digest())) {
        return Optional.empty();
      }
      try {
        return files.load(key, hardware).map(kept -> read(kept, reading));
      } finally {
        budget.leave(key.digest());
      }
    } catch (SandboxException e) {
      return switch (e.code()) {
        case BAD_TEMPLATE -> {
          remove(key, e.reason());
          yield Optional.empty();
        }
        case CACHE_UNUSABLE -> {
          progress.accept("no saved guest is looked for: " + e.reason());
          yield Optional.empty();
        }
        default -> throw e;
      };
    }
  }

  private static <T> T read(Kept kept, Function<Kept, T> reading) {
    try {
      return reading.apply(kept);
    } catch (RuntimeException | Error e) {
      kept.machine().close();
      throw e;
    }
  }

  private void remove(TemplateKey key, String reason) {
    progress.accept(reason + "; it is removed");
    try {
      files.remove(key);
    } catch (SandboxException e) {
      progress.accept(e.reason());
    }
  }

  /** Puts a saved guest there, in a while; does nothing if this is closed. */
  void put(TemplateKey key, SavedMachine machine, String notes) {
    try {
      writer.execute(() -> write(key, machine, notes));
    } catch (RejectedExecutionException e) {
      // the next JVM boots its own
    }
  }

  private void write(TemplateKey key, SavedMachine machine, String notes) {
    try {
      files.save(key, machine, notes);
      for (String removed : budget.enforce()) {
        progress.accept("removed a saved guest, unused for longest: " + removed);
      }
    } catch (SandboxException e) {
      if (!writer.isShutdown()) {
        progress.accept("a guest is not saved for the next time: " + e.reason());
      }
    }
  }

  /** Completes when all is there that was put there until now, or has failed. */
  CompletableFuture<Void> written() {
    return CompletableFuture.runAsync(() -> {}, writer);
  }

  /** Waits a moment for what is being put there; what takes longer is left out. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(WRITING.toMillis(), TimeUnit.MILLISECONDS)) {
        writer.shutdownNow();
        writer.awaitTermination(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
    budget.close();
  }
}
