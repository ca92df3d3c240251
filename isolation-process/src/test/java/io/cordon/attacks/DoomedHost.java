package io.cordon.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.harness.SharedCache;
import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.Sandboxes;
import io.cordon.sandbox.TaskHandle;
import io.cordon.sandbox.Tenant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;

/** An application that dies with three sandboxes busy, and closes none of them. */
final class DoomedHost {

  private DoomedHost() {}

  /** Takes the directory of the policies, a plugin, and a word to mark programs with. */
  public static void main(String[] arguments) throws IOException {
    String marker = arguments[2];
    Sandboxes sandboxes =
        Sandboxes.builder(Path.of(arguments[0])).cache(SharedCache.directory()).open();
    Tenant acme = sandboxes.tenant("acme");
    TaskHandle<Exit> sleeper =
        acme.submit(Command.of("sh", "-c", "echo READY; sleep 1000; true", marker));
    TaskHandle<Exit> stubborn = acme.submit(new AttackProgram("signal_ignore.py").command(marker));
    Sandbox box = acme.open(Plugin.jar(Path.of(arguments[1])));
    Guest guest = box.service(Guest.class);
    guest.act("nothing");
    Thread.ofPlatform().daemon().start(() -> guest.act("spin"));
    awaitReady(sleeper);
    awaitReady(stubborn);
    System.out.println("READY");

    switch (new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine()) {
      case "exit" -> System.exit(0);
      case "halt" -> Runtime.getRuntime().halt(0);
      case "out of memory" -> {
        byte[][] hoard = new byte[1024][];
        for (int chunk = 0; chunk < hoard.length; chunk++) {
          hoard[chunk] = new byte[1 << 20];
        }
      }
      case String other -> throw new IllegalArgumentException(other);
    }
  }

  private static void awaitReady(TaskHandle<Exit> task) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(task.stdout(), UTF_8));
    String line = lines.readLine();
    if (line == null || !line.startsWith("READY")) {
      throw new IllegalStateException(line + " " + task.outcome());
    }
  }
}
