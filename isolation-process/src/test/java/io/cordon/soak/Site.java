package io.cordon.soak;

import io.cordon.attacks.Guest;
import io.cordon.harness.PluginJar;
import io.cordon.harness.PolicyFolder;
import io.cordon.harness.StrategyUnderTest;
import io.cordon.harness.Tools;
import io.cordon.sandbox.Sandboxes;
import java.nio.file.Path;
import java.util.List;

/**
 * All that the runs of a soak need, as it lies on the disk: for applications in other JVMs, too.
 *
 * @param policies the directory of the policies
 * @param plugin the plugin's jar
 * @param tools what commands may use
 * @param strategy what isolates them
 */
record Site(Path policies, Path plugin, Tools tools, StrategyUnderTest strategy) {

  private static final String PLUGIN =
      """
      package soaked;

      import java.util.*;

      public class Servant implements io.cordon.attacks.Guest {
        @Override
        public String act(String request) {
          String what = request.substring(0, request.indexOf(':'));
          String argument = request.substring(request.indexOf(':') + 1);
          switch (what) {
            case "return" -> {
              return argument;
            }
            case "throw" -> throw new IllegalStateException(argument);
            case "exit" -> System.exit(Integer.parseInt(argument));
            case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(argument));
            case "hoard" -> {
              List<byte[]> all = new ArrayList<>();
              while (true) all.add(new byte[1 << 20]);
            }
            case "large" -> {
              return "x".repeat(Integer.parseInt(argument));
            }
            case "print" -> {
              while (true) System.out.println("more and more and more");
            }
            case "sleep" -> {
              try {
                Thread.sleep(Long.parseLong(argument));
              } catch (InterruptedException e) {
                return "woken";
              }
              return "slept";
            }
            case "spin" -> {
              while (true) Thread.onSpinWait();
            }
          }
          return "what?";
        }
      }
      """;

  /** Makes one in an empty directory. */
  static Site in(Path directory, Tools tools, StrategyUnderTest strategy, int lanes) {
    PolicyFolder folder = PolicyFolder.in(directory, strategy);
    for (Profile profile : Profile.values()) {
      profile.write(folder, lanes);
    }
    Path jar =
        PluginJar.against(Guest.class)
            .source("soaked.Servant", PLUGIN)
            .service(Guest.class, "soaked.Servant")
            .packed(directory.resolve("servant.jar"));
    return new Site(directory, jar, tools, strategy);
  }

  /** As the arguments of another JVM. */
  List<String> arguments() {
    return List.of(
        policies.toString(),
        plugin.toString(),
        tools.root().toString(),
        strategy.getClass().getName());
  }

  /** The same, there. */
  static Site of(List<String> arguments) throws ReflectiveOperationException {
    return new Site(
        Path.of(arguments.get(0)),
        Path.of(arguments.get(1)),
        new Tools(Path.of(arguments.get(2))),
        Class.forName(arguments.get(3))
            .asSubclass(StrategyUnderTest.class)
            .getDeclaredConstructor()
            .newInstance());
  }

  /** Opens an application's sandboxes. */
  Sandboxes open() {
    return Sandboxes.builder(policies).cache(strategy.cache()).open();
  }
}
