package io.cordon.soak;

import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandboxes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An application that does one run after the other until it is killed. */
final class SoakHost {

  static final String RAN = "ran";
  static final String WRONG = "wrong ";

  private SoakHost() {}

  /** Takes a site, the seed, the menu, the number of lanes and of the first run. */
  public static void main(String[] arguments) throws Exception {
    Thread.ofPlatform().daemon().start(SoakHost::endWithTheSoak);
    List<String> all = List.of(arguments);
    Site site = Site.of(all.subList(0, 4));
    Scenarios scenarios = new Scenarios(Long.parseLong(all.get(4)), Menu.valueOf(all.get(5)));
    int lanes = Integer.parseInt(all.get(6));
    AtomicInteger next = new AtomicInteger(Integer.parseInt(all.get(7)));
    Oracle oracle = new Oracle(site.strategy());
    try (Sandboxes sandboxes = site.open()) {
      System.out.println("READY");
      List<Thread> threads = new ArrayList<>();
      for (int number = 0; number < lanes; number++) {
        Lane lane = new Lane(number, scenarios, oracle, site.tools(), Plugin.jar(site.plugin()));
        threads.add(Thread.ofPlatform().start(() -> run(lane, sandboxes, next)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  /** Whoever kills the soak closes this pipe, too: its host must not go on alone. */
  private static void endWithTheSoak() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // nor is there anybody who could be heard then
    }
    Runtime.getRuntime().halt(1);
  }

  private static void run(Lane lane, Sandboxes sandboxes, AtomicInteger next) {
    while (true) {
      Lane.Went went = lane.run(next.getAndIncrement(), sandboxes, () -> false);
      System.out.println(
          went.faults().isEmpty() ? RAN : WRONG + went.inWords().replaceAll("\\R", " "));
    }
  }
}
