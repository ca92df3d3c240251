package io.cordon.worker.sample;

/** The contract. */
public interface Greeter {
  /** Greets somebody. */
  Greeting greet(Person person);
}
