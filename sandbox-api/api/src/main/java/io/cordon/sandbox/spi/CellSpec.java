package io.cordon.sandbox.spi;

import io.cordon.policy.SandboxLimits;
import io.cordon.policy.TenantLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cell is to run, what that sees, and what it may use. Says nothing of how.
 *
 * @param tenant whose cell it is; cells of different tenants share nothing
 * @param name the cell's name, unique among the tenant's cells of this application: {@code
 *     [a-z0-9-]{1,40}}
 * @param program what runs
 * @param environment its environment variables, all of them
 * @param inputs files to put into the working directory before the program starts
 * @param limits what it may use
 * @param tenantLimits what all cells of the tenant may use together; holds until {@link
 *     IsolationStrategy#limit} says otherwise
 * @param startMax how long the launch may take
 */
public record CellSpec(
    String tenant,
    String name,
    Program program,
    Map<String, String> environment,
    List<InputFile> inputs,
    SandboxLimits limits,
    TenantLimits tenantLimits,
    Duration startMax) {

  /** The working directory inside every cell; writable, private, and as large as {@code disk}. */
  public static final String WORKING_DIRECTORY = "/work";

  public CellSpec {
    environment = Map.copyOf(environment);
    inputs = List.copyOf(inputs);
  }

  /** A cell of a tenant that has no limits as a whole. */
  public CellSpec(
      String tenant,
      String name,
      Program program,
      Map<String, String> environment,
      List<InputFile> inputs,
      SandboxLimits limits,
      Duration startMax) {
    this(tenant, name, program, environment, inputs, limits, TenantLimits.NONE, startMax);
  }

  /** What runs in a cell. */
  public sealed interface Program {

    /**
     * A native program, with the host's programs and libraries in view, or those of a root
     * directory; read-only.
     *
     * @param arguments the program and its arguments; a name without a slash is looked for in
     *     {@code /usr/bin} and {@code /bin}
     * @param root a directory of the host that is {@code /} for the program, as in {@link
     *     io.cordon.sandbox.Command#root(Path)}
     */
    record Native(List<String> arguments, Optional<Path> root) implements Program {
      public Native {
        arguments = List.copyOf(arguments);
      }

      /** A program of the host. */
      public Native(List<String> arguments) {
        this(arguments, Optional.empty());
      }
    }

    /**
     * A Java program, with nothing in view but a Java runtime and its class path.
     *
     * @param options options of the {@code java} command; a path in them is one inside the cell
     * @param classPath jars of the host, in order; each keeps its file name, and these differ
     * @param startupCache an AOT cache (JEP 514) that was made in such a cell with the same class
     *     path
     * @param mainClass the main class
     * @param arguments its arguments
     * @param greeting what it writes first of all, and then waits for its input; a strategy may
     *     start many cells from one program that has come so far
     */
    record Jvm(
        List<String> options,
        List<Path> classPath,
        Optional<Path> startupCache,
        String mainClass,
        List<String> arguments,
        Optional<Greeting> greeting)
        implements Program {

      /** A program that is started for each cell. */
      public Jvm(
          List<String> options,
          List<Path> classPath,
          Optional<Path> startupCache,
          String mainClass,
          List<String> arguments) {
        this(options, classPath, startupCache, mainClass, arguments, Optional.empty());
      }

      public Jvm {
        options = List.copyOf(options);
        classPath = List.copyOf(classPath);
        arguments = List.copyOf(arguments);
      }
    }
  }

  /**
   * The first words of a program.
   *
   * @param hex its bytes, in hexadecimal digits
   */
  public record Greeting(String hex) {
    /** These bytes. */
    public static Greeting of(byte[] bytes) {
      return new Greeting(HexFormat.of().formatHex(bytes));
    }

    /** Its bytes. */
    public byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }
  }

  /**
   * A file to put into the working directory.
   *
   * @param name a plain file name
   * @param content what is in it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record InputFile(String name, byte[] content) {}
}
