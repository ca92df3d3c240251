package io.cordon.process.quota;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One control group: a directory whose files are the kernel's. */
record ControlGroup(Path directory, GroupFiles files) {

  ControlGroup child(String name) {
    return new ControlGroup(directory.resolve(name), files);
  }

  ControlGroup parent() {
    return new ControlGroup(directory.resolveSibling(""), files);
  }

  List<ControlGroup> children() {
    File[] entries = directory.toFile().listFiles(File::isDirectory);
    List<ControlGroup> children = new ArrayList<>();
    if (entries != null) {
      for (File entry : entries) {
        children.add(child(entry.getName()));
      }
    }
    return children;
  }

  void create() throws IOException {
    files.create(directory);
  }

  void createUnlessThere() throws IOException {
    try {
      create();
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  /** Removes the group; one that is gone already is no error. */
  void remove() throws IOException {
    try {
      files.remove(directory);
    } catch (NoSuchFileException e) {
      // somebody else, who found it to be an orphan, was quicker
    }
  }

  boolean has(String file) {
    return Files.exists(directory.resolve(file));
  }

  void write(String file, String value) throws IOException {
    Path path = directory.resolve(file);
    try {
      files.write(path, value);
    } catch (IOException e) {
      throw new IOException("writing " + value + " to " + path + ": " + e.getMessage(), e);
    }
  }

  String read(String file) throws IOException {
    try (FileInputStream in = new FileInputStream(directory.resolve(file).toFile())) {
      return new String(in.readAllBytes(), US_ASCII).strip();
    }
  }

  CounterFile counter(String file) {
    return new CounterFile(directory.resolve(file));
  }

  /** The processes in the group, but not those of its children. */
  List<Long> processes() throws IOException {
    String listing = read("cgroup.procs");
    List<Long> pids = new ArrayList<>();
    listing
        .lines()
        .map(Long::parseLong)
        .filter(pid -> pid > 0) // 0 stands for one outside our pid namespace
        .forEach(pids::add);
    return pids;
  }
}
