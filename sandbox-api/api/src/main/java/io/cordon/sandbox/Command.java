package io.cordon.sandbox;

import io.cordon.policy.WorkloadKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * A native program. Immutable: each method returns a changed copy.
 *
 * <p>It sees the host's programs and libraries read-only (or those of a {@link #root root} of its
 * own), an empty working directory that is its own, and a {@code /tmp} of its own. It starts with
 * an empty standard input, and what it writes to its standard streams is kept, unless it is told
 * otherwise; more than {@code output.max} of that, and of the files that it brings back, ends the
 * task. Its environment is a plain {@code PATH} and {@code HOME}, the variables of the host that
 * the policy names, and what {@link #environment} sets.
 *
 * {@snippet :
 * Command.of("pdftotext", "in.pdf", "out.txt").input("in.pdf", pdf).output("out.txt")
 * }
 */
public final class Command implements Task<Exit> {
  private final List<String> arguments;
  private final Optional<Path> root;
  private final SequencedMap<String, byte[]> inputs;
  private final SequencedSet<String> outputs;
  private final SequencedMap<String, String> environment;
  private final Input stdin;
  private final Output stdout;
  private final Output stderr;

  private Command(
      List<String> arguments,
      Optional<Path> root,
      SequencedMap<String, byte[]> inputs,
      SequencedSet<String> outputs,
      SequencedMap<String, String> environment,
      Input stdin,
      Output stdout,
      Output stderr) {
    this.arguments = arguments;
    this.root = root;
    this.inputs = inputs;
    this.outputs = outputs;
    this.environment = environment;
    this.stdin = stdin;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** Where a program's standard input comes from. */
  public sealed interface Input {
    /** Nothing: end of file at once. */
    record Empty() implements Input {}

    /** These bytes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(byte[] bytes) implements Input {}

    /** What the application writes to {@link TaskHandle#stdin()}. */
    record Stream() implements Input {}
  }

  /** Where a program's standard output or error goes. */
  public enum Output {
    /**
     * Kept: in {@link Exit} if it succeeds, and in any case on the handle, where it can be read
     * meanwhile and afterwards. More than {@code output.max} kills the program.
     */
    CAPTURE,
    /**
     * Only to the handle's stream: a program whose application does not read must wait. It counts
     * towards {@code output.max} all the same.
     */
    STREAM,
    /** Nowhere. It counts towards {@code output.max} all the same. */
    DISCARD
  }

  /**
   * A program with its arguments.
   *
   * @param program a path inside the sandbox, or a name that is looked for in {@code /usr/bin} and
   *     {@code /bin} there
   * @throws IllegalArgumentException if the program is empty, or an argument holds a NUL character
   */
  public static Command of(String program, String... arguments) {
    List<String> all = new ArrayList<>();
    all.add(program);
    all.addAll(List.of(arguments));
    return of(all);
  }

  /**
   * A program with its arguments, the program first.
   *
   * @throws IllegalArgumentException if there is none or it is empty, or an argument holds a NUL
   *     character
   */
  public static Command of(List<String> arguments) {
    if (arguments.isEmpty() || arguments.getFirst().isEmpty()) {
      throw new IllegalArgumentException("a command needs a program");
    }
    for (String argument : arguments) {
      requireNoNul(argument);
    }
    return new Command(
        List.copyOf(arguments),
        Optional.empty(),
        new LinkedHashMap<>(),
        new LinkedHashSet<>(),
        new LinkedHashMap<>(),
        new Input.Empty(),
        Output.CAPTURE,
        Output.CAPTURE);
  }

  /**
   * Gives the program a root directory of its own in place of the host's programs and libraries: an
   * unpacked distribution, say, such as {@code debootstrap} makes.
   *
   * <p>The program sees the directories and symbolic links at its top, read-only, and no file of
   * the host besides; a link leads where it leads inside, never out of the directory. {@code /dev},
   * {@code /proc}, {@code /run}, {@code /sys}, {@code /tmp}, {@code /work} and {@code /cordon} are
   * the sandbox's own all the same. If it has an {@code /etc}, then all of that is its own.
   *
   * <p>A strategy may look at a copy that was made when the directory was first used; changes are
   * noticed, though up to two seconds later. The host's permissions hold in the directory where it
   * is shown itself, and not in a copy: put nothing there that the program may not read, and let
   * nobody write to it whom you don't trust as much as yourself.
   *
   * {@snippet :
   * Command.of("python3", "-c", "print(6 * 7)").root(Path.of("/srv/roots/bookworm"))
   * }
   *
   * @param directory a directory of the host
   */
  public Command root(Path directory) {
    return new Command(
        arguments,
        Optional.of(directory.toAbsolutePath()),
        inputs,
        outputs,
        environment,
        stdin,
        stdout,
        stderr);
  }

  /**
   * Puts a file into the working directory.
   *
   * @param name a plain file name
   * @throws IllegalArgumentException if it is none
   */
  public Command input(String name, byte[] content) {
    SequencedMap<String, byte[]> changed = new LinkedHashMap<>(inputs);
    changed.put(requireFileName(name), content.clone());
    return new Command(arguments, root, changed, outputs, environment, stdin, stdout, stderr);
  }

  /**
   * Brings a file of the working directory back, in {@link Exit#outputs()}, if the program ends
   * with status 0. Its bytes count towards {@code output.max}.
   *
   * @param name a plain file name
   * @throws IllegalArgumentException if it is none
   */
  public Command output(String name) {
    SequencedSet<String> changed = new LinkedHashSet<>(outputs);
    changed.add(requireFileName(name));
    return new Command(arguments, root, inputs, changed, environment, stdin, stdout, stderr);
  }

  /**
   * Sets an environment variable.
   *
   * @throws IllegalArgumentException if the name is empty or holds {@code =}, or either holds a NUL
   *     character
   */
  public Command environment(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException("not the name of an environment variable: " + name);
    }
    requireNoNul(name);
    requireNoNul(value);
    SequencedMap<String, String> changed = new LinkedHashMap<>(environment);
    changed.put(name, value);
    return new Command(arguments, root, inputs, outputs, changed, stdin, stdout, stderr);
  }

  /** Says where the standard input comes from. */
  public Command stdin(Input input) {
    return new Command(arguments, root, inputs, outputs, environment, input, stdout, stderr);
  }

  /** Gives the program this text, in UTF-8, as its standard input. */
  public Command stdin(String text) {
    return stdin(new Input.Bytes(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Says where the standard output goes. */
  public Command stdout(Output output) {
    return new Command(arguments, root, inputs, outputs, environment, stdin, output, stderr);
  }

  /** Says where the standard error goes. */
  public Command stderr(Output output) {
    return new Command(arguments, root, inputs, outputs, environment, stdin, stdout, output);
  }

  /** The program and its arguments. */
  public List<String> arguments() {
    return arguments;
  }

  /** The root directory of its own, if it was given one. */
  public Optional<Path> root() {
    return root;
  }

  /** The files that are put into the working directory, by name. */
  public SequencedMap<String, byte[]> inputs() {
    return Collections.unmodifiableSequencedMap(inputs);
  }

  /** The names of the files that are brought back. */
  public SequencedSet<String> outputs() {
    return Collections.unmodifiableSequencedSet(outputs);
  }

  /** The environment variables that were set. */
  public Map<String, String> environment() {
    return Collections.unmodifiableMap(environment);
  }

  /** Where the standard input comes from. */
  public Input stdin() {
    return stdin;
  }

  /** Where the standard output goes. */
  public Output stdout() {
    return stdout;
  }

  /** Where the standard error goes. */
  public Output stderr() {
    return stderr;
  }

  @Override
  public WorkloadKind kind() {
    return WorkloadKind.COMMAND;
  }

  @Override
  public String toString() {
    return "Command" + arguments;
  }

  private static void requireNoNul(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("an argument can't hold a NUL character");
    }
  }

  private static String requireFileName(String name) {
    if (name.isEmpty()
        || name.equals(".")
        || name.equals("..")
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0
        || name.getBytes(StandardCharsets.UTF_8).length > 255) {
      throw new IllegalArgumentException("not a plain file name: \"" + name + "\"");
    }
    return name;
  }
}
