package io.cordon.worker;

import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.Trait;
import java.io.Closeable;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The plugin's jars, put into files of the worker's temporary directory as they come. */
final class PluginJars implements Closeable {
  private final File temporary;
  private final List<File> jars = new ArrayList<>();
  private @Nullable File directory;
  private @Nullable OutputStream incomplete;

  PluginJars(File temporary) {
    this.temporary = temporary;
  }

  /** Takes the next piece. */
  void add(ToWorker.PluginJar piece) throws IOException {
    if (incomplete == null) {
      // Numbered: a name from outside has no business in a path.
      File jar = new File(directory(), jars.size() + ".jar");
      jars.add(jar);
      incomplete = new FileOutputStream(jar);
    }
    incomplete.write(piece.chunk());
    if (piece.last()) {
      incomplete.close();
      incomplete = null;
    }
  }

  private File directory() throws IOException {
    if (directory == null) {
      File made = new File(temporary, "plugin-" + Long.toHexString(System.nanoTime()));
      // mkdir, so that it is ours: it fails where something is already.
      if (!made.mkdir()) {
        throw new IOException("can't make the directory " + made);
      }
      directory = made;
    }
    return directory;
  }

  /** The jars in the order they came. */
  URL[] urls() throws MalformedURLException {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = jars.get(i).toURI().toURL();
    }
    return urls;
  }

  /** What can be seen of them without running anything. */
  Set<Trait> traits() {
    return TraitReader.read(jars);
  }

  /** Removes the files. */
  @Override
  public void close() throws IOException {
    if (incomplete != null) {
      incomplete.close();
    }
    for (File jar : jars) {
      jar.delete();
    }
    if (directory != null) {
      directory.delete();
    }
  }
}
