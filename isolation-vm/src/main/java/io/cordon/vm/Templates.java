package io.cordon.vm;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.vm.image.ProgramImage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Guests that were booted once for all that are cloned from them, by this JVM or one before it. One
 * belongs to a tenant, an image and a size: nothing of a tenant is ever in another one's guest.
 * Safe for several threads.
 */
final class Templates implements AutoCloseable {
  private static final Duration STOPPING = Duration.ofSeconds(5);

  // Memory of this JVM's user, until nobody clones from them any more.
  private static final long MOST_BYTES = 4L << 30;

  // Who was given one clones from it at once; that it was evicted meanwhile is no reason to fail.
  private static final Duration LEAVING = Duration.ofSeconds(10);

  private final VmWorkshop workshop;
  private final Map<Key, Template> leaving = new ConcurrentHashMap<>();
  private final Cache<Key, Template> templates;
  private final Map<Key, CompletableFuture<Template>> coming = new ConcurrentHashMap<>();
  private final Set<Thread> working = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * What a template is for.
   *
   * @param root the digest of the root image
   * @param guestMiB the guest's memory
   * @param disk what its scratch disk was made for
   * @param resident what is executing in it, if something is
   */
  private record Key(
      String tenant,
      String root,
      int guestMiB,
      SandboxLimits.Disk disk,
      Optional<Resident> resident) {}

  /** All that a program depends on that was started before the guest was saved. */
  private record Resident(
      List<String> arguments, Map<String, String> environment, SandboxLimits limits) {}

  Templates(VmWorkshop workshop) {
    this.workshop = workshop;
    this.templates =
        Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES >> 20)
            .weigher((Key key, Template template) -> key.guestMiB())
            .removalListener(
                (key, template, cause) -> {
                  if (key != null && template != null) {
                    if (cause.wasEvicted() && !closed) {
                      letGo(key, template);
                    } else {
                      template.saved().close();
                    }
                  }
                })
            .executor(Runnable::run)
            .build();
  }

  /** Maybe a new one: a cache that is full may rather keep what is asked for more often. */
  private void letGo(Key key, Template template) {
    Template before = leaving.put(key, template);
    if (before != null) {
      before.saved().close();
    }
    CompletableFuture.delayedExecutor(LEAVING.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> gone(key, template));
  }

  private void gone(Key key, Template template) {
    if (leaving.remove(key, template)) {
      template.saved().close();
    }
  }

  /** The template for such cells, if there is one; it stays, if it was about to leave. */
  @SuppressWarnings("ReferenceEquality") // one that is like it has descriptors of its own
  private @Nullable Template known(Key key) {
    Template known = templates.getIfPresent(key);
    if (known != null) {
      return known;
    }
    Template back = leaving.remove(key);
    if (back == null) {
      return null;
    }
    Template kept = templates.get(key, absent -> back);
    if (kept != back) { // somebody has made another one meanwhile
      back.saved().close();
    }
    return kept;
  }

  /**
   * The template for such cells, which is made now if there is none; that may take minutes. Fails
   * with {@link ErrorCode#CLOSED} if this is closed before.
   */
  CompletableFuture<Template> get(CellSpec spec) {
    if (closed) {
      return CompletableFuture.failedFuture(gone(null));
    }
    // The key of a program whose image is not made yet takes as long to find out as to make that.
    return workshop.hasImage(spec.program())
        ? find(spec)
        : inBackground(spec, () -> join(find(spec)));
  }

  /** Who wants the same waits for the same; what has failed is tried again. */
  private CompletableFuture<Template> find(CellSpec spec) {
    Key key = key(spec);
    Template known = known(key);
    return known != null
        ? CompletableFuture.completedFuture(known)
        : coming.computeIfAbsent(key, absent -> inBackground(spec, () -> make(key, spec)));
  }

  private Template make(Key key, CellSpec spec) {
    try {
      return templates.get(key, absent -> workshop.template(spec));
    } finally {
      coming.remove(key);
    }
  }

  /** The same, waiting for it. */
  Template require(CellSpec spec) {
    return join(get(spec));
  }

  private static Template join(CompletableFuture<Template> template) {
    try {
      return template.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SandboxException reason) {
        throw reason;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException(ErrorCode.LAUNCH_FAILED, "the launch was interrupted", e);
    }
  }

  private static SandboxException gone(@Nullable Throwable cause) {
    String reason = "the vm strategy is closed";
    return cause == null
        ? new SandboxException(ErrorCode.CLOSED, reason)
        : new SandboxException(ErrorCode.CLOSED, reason, cause);
  }

  private Key key(CellSpec spec) {
    ProgramImage image = workshop.image(spec.program());
    Optional<Resident> resident =
        VmStrategy.isResident(spec)
            ? Optional.of(new Resident(image.arguments(), spec.environment(), spec.limits()))
            : Optional.empty();
    return new Key(
        spec.tenant(),
        image.root().key(),
        GuestMemory.guestMiB(spec.limits()),
        spec.limits().disk(),
        resident);
  }

  private CompletableFuture<Template> inBackground(CellSpec spec, Supplier<Template> work) {
    CompletableFuture<Template> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("cordon-template-" + spec.tenant())
            .unstarted(
                () -> {
                  try {
                    result.complete(work.get());
                  } catch (RuntimeException | Error e) {
                    result.completeExceptionally(closed ? gone(e) : e);
                  } finally {
                    working.remove(Thread.currentThread());
                  }
                });
    working.add(thread);
    thread.start();
    if (closed) { // maybe before it was among those that were stopped
      thread.interrupt();
    }
    return result;
  }

  /** Stops what is being made: who waits for it hears that this is closed. */
  @Override
  public void close() {
    closed = true;
    List<Thread> stopped = List.copyOf(working);
    stopped.forEach(Thread::interrupt);
    workshop.stopBooting(); // what waits for a guest's words hears no interrupt
    stopped.forEach(Templates::await);
    workshop.finishWriting();
    templates.invalidateAll();
    templates.cleanUp();
    leaving.forEach(this::gone);
  }

  private static void await(Thread thread) {
    try {
      thread.join(STOPPING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
