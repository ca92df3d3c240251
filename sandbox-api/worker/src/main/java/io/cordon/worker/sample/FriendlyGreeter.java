package io.cordon.worker.sample;

import java.time.Instant;
import java.util.List;

/** The plugin. */
public final class FriendlyGreeter implements Greeter {
  @Override
  public Greeting greet(Person person) {
    String name = person.nickname().orElse(person.name());
    System.out.println("greeting " + name);
    return new Greeting(
        Greeting.Tone.WARM,
        List.of("Hello", name),
        person.accounts().size() / (double) (1 + person.age()),
        Instant.EPOCH);
  }
}
