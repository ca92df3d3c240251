package io.cordon.engine;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;

/** An application that uses everything through the public API alone, and says little. */
final class QuietApplication {
  private QuietApplication() {}

  public static void main(String[] arguments) {
    Path policies = Path.of(arguments[0]);
    Path cache = Path.of(arguments[1]);
    try (Sandboxes sandboxes = Sandboxes.builder(policies).cache(cache).open()) {
      Tenant acme = sandboxes.tenant("acme");
      System.out.print(acme.run(Command.of("echo", "one")).stdoutText());
      System.out.println(acme.run(Script.javaScript("1 + 1")));
      System.out.println(sandboxes.host().strategies().getFirst().name());
      System.out.println(acme.explain(Command.of("true")).plan().getFirst());
    }
  }
}
