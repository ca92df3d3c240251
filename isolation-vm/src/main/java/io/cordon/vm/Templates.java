package io.cordon.vm;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec;
import io.cordon.vm.image.ProgramImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Guests that were booted once for all that are cloned from them. One belongs to a tenant, an image
 * and a size: nothing of a tenant is ever in another one's guest. Safe for several threads.
 */
final class Templates implements AutoCloseable {
  // Memory of this JVM's user, until nobody clones from them any more.
  private static final long MOST_BYTES = 4L << 30;

  private final VmWorkshop workshop;
  private final Cache<Key, Template> templates;
  private final Map<Key, CompletableFuture<Template>> coming = new ConcurrentHashMap<>();
  private final Set<Thread> working = ConcurrentHashMap.newKeySet();

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
                  if (template != null) {
                    template.saved().close();
                  }
                })
            .executor(Runnable::run)
            .build();
  }

  /** The template for such cells, which is made now if there is none; that may take minutes. */
  CompletableFuture<Template> get(CellSpec spec) {
    // The key of a program whose image is not made yet takes as long to find out as to make that.
    return workshop.hasImage(spec.program())
        ? find(spec)
        : inBackground(spec, () -> join(find(spec)));
  }

  /** Who wants the same waits for the same; what has failed is tried again. */
  private CompletableFuture<Template> find(CellSpec spec) {
    Key key = key(spec);
    Template known = templates.getIfPresent(key);
    return known != null
        ? CompletableFuture.completedFuture(known)
        : coming.computeIfAbsent(key, absent -> inBackground(spec, () -> make(key, spec)));
  }

  private Template make(Key key, CellSpec spec) {
    try {
      return templates.get(key, absent -> workshop.boot(spec));
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
      return template.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SandboxException reason) {
        throw reason;
      }
      throw e;
    }
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
                    result.completeExceptionally(e);
                  } finally {
                    working.remove(Thread.currentThread());
                  }
                });
    working.add(thread);
    thread.start();
    return result;
  }

  @Override
  public void close() {
    for (Thread thread : working) {
      thread.interrupt();
    }
    templates.invalidateAll();
    templates.cleanUp();
  }
}
