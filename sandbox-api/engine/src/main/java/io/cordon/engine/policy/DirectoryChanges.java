package io.cordon.engine.policy;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the file system tells of one directory. Where it tells nothing (no inotify left, a directory
 * that is not there yet), time just goes by.
 */
final class DirectoryChanges implements Changes {
  private final Path directory;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable WatchService service; // guarded by this
  private @Nullable WatchKey key;

  /** Which directory that is: another one may take its name, or a link may lead to another one. */
  private @Nullable Object watched;

  DirectoryChanges(Path directory) {
    this.directory = directory;
  }

  @Override
  public boolean await(Duration most) {
    WatchService open = watching();
    if (open == null) {
      boolean _ =
          Uninterruptibles.awaitUninterruptibly(closed, most.toNanos(), TimeUnit.NANOSECONDS);
      return false;
    }
    try {
      WatchKey changed = open.poll(most.toNanos(), TimeUnit.NANOSECONDS);
      if (changed == null) {
        return false;
      }
      changed.pollEvents(); // which they are is nothing to rely on: there is OVERFLOW
      changed.reset();
      return true;
    } catch (ClosedWatchServiceException e) {
      return false;
    } catch (InterruptedException e) {
      return false; // nobody means this thread: were it kept, nothing would be waited for any more
    }
  }

  /** Begins to watch, or begins anew where that is not the directory any more. */
  private synchronized @Nullable WatchService watching() {
    if (closed.getCount() == 0) {
      return null;
    }
    try {
      Object now = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
      if (service == null) {
        service = directory.getFileSystem().newWatchService();
      }
      if (key == null || !key.isValid() || !Objects.equals(now, watched)) {
        if (key != null) {
          key.cancel();
        }
        key =
            directory.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        watched = now;
      }
      return service;
    } catch (IOException | UnsupportedOperationException | ClosedWatchServiceException e) {
      return null; // who looks now and then finds out, and this is tried again then
    }
  }

  @Override
  public synchronized void close() {
    closed.countDown();
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        // It was only listened to: there is nothing to lose.
      }
    }
  }
}
