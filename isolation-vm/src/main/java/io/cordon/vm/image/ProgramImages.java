package io.cordon.vm.image;

import io.cordon.process.program.HostPrograms;
import io.cordon.process.program.JavaCommand;
import io.cordon.process.program.JavaInstallation;
import io.cordon.process.program.RootDirectory;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.CellSpec.Program;
import io.cordon.vm.guest.RootImage;
import io.cordon.vm.guest.RootImages;
import io.cordon.vm.host.PrivateCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Makes the root images that programs run in. What it takes of the host:
 *
 * <ul>
 *   <li>for a Java program the runtime of this JVM, without tools, and the program's jars. A
 *       start-up cache is left out: it holds machine code for the host's processor;
 *   <li>for a native program that one, its dynamic linker and the libraries that it is linked to,
 *       under the names that it asks for; the data of fontconfig, poppler and ImageMagick where it
 *       is linked to these; and five harmless settings. No other program, not even a shell;
 *   <li>for a native program with a root directory all that this holds, but for what is the
 *       sandbox's own.
 * </ul>
 *
 * The first image of a kind takes seconds, and is then kept from one JVM to the next. After that a
 * call looks at a few dates of the host's files and reads none of them; at a root directory's, of
 * which there are many, once in two seconds. Safe for several threads.
 */
public final class ProgramImages {
  private final RootImages images;
  private final LinkedRuntime runtime;
  private final ConcurrentMap<Subject, Made> made = new ConcurrentHashMap<>();
  private final ReentrantLock making = new ReentrantLock();
  private final LongSupplier nanoTime;

  /**
   * Images of programs.
   *
   * @param images makes and keeps images
   * @param cache where the linked Java runtime is kept
   * @param progress is told what takes long, a line at a time
   */
  public ProgramImages(RootImages images, PrivateCache cache, Consumer<String> progress) {
    this(images, cache, progress, System::nanoTime);
  }

  ProgramImages(
      RootImages images, PrivateCache cache, Consumer<String> progress, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.images = images;
    this.runtime = new LinkedRuntime(cache, progress);
  }

  /** What an image is made for: programs that differ in their arguments alone share one. */
  private sealed interface Subject {
    View view(LinkedRuntime runtime) throws IOException;

    default List<Stamp> stamps(View view, LongSupplier nanoTime) throws IOException {
      List<Stamp> stamps = new ArrayList<>();
      for (Path file : view.watched()) {
        stamps.add(FileStamp.of(file));
      }
      return stamps;
    }
  }

  private record JavaFiles(Map<Path, Path> files) implements Subject {
    @Override
    public View view(LinkedRuntime runtime) throws IOException {
      JavaInstallation java = JavaInstallation.ofThisJvm();
      return JavaView.of(runtime.of(java), java, files);
    }
  }

  private record HostProgram(String path) implements Subject {
    @Override
    public View view(LinkedRuntime runtime) throws IOException {
      return NativeView.of(path);
    }
  }

  private record HostRoot(Path directory) implements Subject {
    @Override
    public View view(LinkedRuntime runtime) throws IOException {
      return RootView.of(RootDirectory.of(directory));
    }

    @Override
    public List<Stamp> stamps(View view, LongSupplier nanoTime) throws IOException {
      return List.of(TreeStamp.of(directory, nanoTime));
    }
  }

  private record Made(RootImage image, View view, List<Stamp> stamps) {
    boolean holds() {
      return stamps.stream().allMatch(Stamp::holds);
    }
  }

  /** Whether the image for a program can be had without making anything. */
  public boolean has(Program program) {
    Made known = made.get(request(program).subject());
    return known != null && known.holds();
  }

  /**
   * The image for a program.
   *
   * @throws SandboxException {@link ErrorCode#PROGRAM_NOT_FOUND} if the program isn't there, or is
   *     one that needs a root directory of its own; {@link ErrorCode#LAUNCH_FAILED} if its files
   *     can't be read; others if the image can't be made or kept
   */
  public ProgramImage of(Program program) {
    Request request = request(program);
    return image(image(request.subject()), request.path(), request.arguments());
  }

  /** What is to be run, and in which image. */
  private record Request(Subject subject, String path, List<String> arguments) {}

  private static Request request(Program program) {
    return switch (program) {
      case Program.Jvm jvm -> {
        JavaCommand command = JavaCommand.of(withoutStartupCache(jvm));
        yield new Request(
            new JavaFiles(command.files()), JavaCommand.PROGRAM.toString(), command.arguments());
      }
      case Program.Native command when command.root().isPresent() -> {
        RootDirectory root = RootDirectory.of(command.root().get());
        String path = root.find(command.arguments().getFirst());
        yield new Request(new HostRoot(root.path()), path, command.arguments());
      }
      case Program.Native command -> {
        String path = HostPrograms.find(command.arguments().getFirst());
        yield new Request(new HostProgram(path), path, command.arguments());
      }
    };
  }

  /**
   * Links the Java runtime of guests, if that hasn't been done.
   *
   * @return where it is
   * @throws SandboxException {@link ErrorCode#STRATEGY_UNUSABLE} if this JVM's can't be read
   */
  public Path prepareJava() {
    try {
      return runtime.of(JavaInstallation.ofThisJvm());
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.STRATEGY_UNUSABLE, "the Java runtime can't be read: " + e, e);
    }
  }

  private static ProgramImage image(Made made, String program, List<String> arguments) {
    View view = made.view();
    return new ProgramImage(made.image(), view.shown(), view.links(), program, arguments);
  }

  private static Program.Jvm withoutStartupCache(Program.Jvm jvm) {
    return new Program.Jvm(
        jvm.options(), jvm.classPath(), Optional.empty(), jvm.mainClass(), jvm.arguments());
  }

  private Made image(Subject subject) {
    Made known = made.get(subject);
    return known != null && known.holds() ? known : make(subject);
  }

  private Made make(Subject subject) {
    making.lock();
    try {
      Made others = made.get(subject);
      if (others != null && others.holds()) {
        return others; // made while this one waited
      }
      View view = subject.view(runtime);
      List<Stamp> stamps = subject.stamps(view, nanoTime); // before the files are read
      Made mine = new Made(images.image(view.tree()), view, stamps);
      made.put(subject, mine);
      return mine;
    } catch (IOException e) {
      throw new SandboxException(
          ErrorCode.LAUNCH_FAILED, "the files of a program can't be read: " + e, e);
    } finally {
      making.unlock();
    }
  }
}
