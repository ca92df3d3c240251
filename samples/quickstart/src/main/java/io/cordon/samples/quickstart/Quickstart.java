package io.cordon.samples.quickstart;

import io.cordon.samples.quickstart.DiscountRule.Line;
import io.cordon.samples.quickstart.DiscountRule.Order;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.Script;
import io.cordon.sandbox.Tenant;
import java.nio.file.Path;
import java.util.List;

/** Runs a script, a plugin and a native program of one tenant. */
public final class Quickstart {
  private Quickstart() {}

  /** Takes the directory of the policies, and the tenant's plugin. */
  public static void main(String[] arguments) {
    Path policies = Path.of(arguments[0]);
    Path plugin = Path.of(arguments[1]);
    Order order = new Order("Ada", List.of(new Line("tea", 420), new Line("cake", 580)));

    try (Sandboxes sandboxes = Sandboxes.open(policies)) {
      Tenant acme = sandboxes.tenant("acme");

      Long sum =
          acme.run(
              Script.javaScript("order.lines.reduce((sum, line) => sum + line.price, 0)")
                  .bind("order", order)
                  .returning(Long.class));
      System.out.println("script: " + sum);

      try (Sandbox box = acme.open(Plugin.jar(plugin))) {
        DiscountRule rule = box.service(DiscountRule.class);
        System.out.println("plugin: " + rule.price(order));
      }

      Exit sorted = acme.run(Command.of("sort").stdin("tea\ncake\n"));
      System.out.println("command: " + sorted.stdoutText().lines().toList());

      switch (acme.submit(Command.of("sleep", "1000")).outcome()) {
        case Outcome.LimitExceeded<Exit> l -> System.out.println("sleep hit " + l.limit().key());
        case Outcome<Exit> other -> System.out.println("unexpected: " + other);
      }
    }
  }
}
