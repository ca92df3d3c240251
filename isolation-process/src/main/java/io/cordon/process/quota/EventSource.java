package io.cordon.process.quota;

import io.cordon.process.kernel.Descriptor;
import java.nio.file.Path;
import java.util.List;

/** Who tells of the kernel's changes to files of control groups. */
interface EventSource extends AutoCloseable {

  /** Tells nothing: then somebody has to look. */
  EventSource NONE =
      new EventSource() {
        @Override
        public Watch watch(List<Path> files, Runnable changed) {
          return new Watch(List.of(), () -> {});
        }

        @Override
        public void close() {}
      };

  /**
   * Does this soon after one of the files has changed, from a thread that others wait for.
   *
   * @throws io.cordon.process.kernel.SystemCallException if a file can't be watched
   */
  Watch watch(List<Path> files, Runnable changed);

  @Override
  void close();

  /**
   * Files that are watched, until it is closed.
   *
   * @param forget nobody is to be told any more
   */
  record Watch(List<Descriptor> files, Runnable forget) implements AutoCloseable {
    public Watch {
      files = List.copyOf(files);
    }

    @Override
    public void close() {
      files.forEach(Descriptor::close);
      forget.run();
    }
  }
}
