package io.cordon.process.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The system calls of one architecture, by name. Immutable. */
public final class SystemCalls {
  private final String architecture;
  private final Map<String, Integer> numbers;

  private SystemCalls(String architecture, Map<String, Integer> numbers) {
    this.architecture = architecture;
    this.numbers = numbers;
  }

  /** Reads the table that is kept beside this class. */
  public static SystemCalls of(String architecture) {
    String table = "system-calls-" + architecture + ".txt";
    try (InputStream in = SystemCalls.class.getResourceAsStream(table)) {
      if (in == null) {
        throw new IllegalArgumentException("no table of system calls for " + architecture);
      }
      Map<String, Integer> numbers = new HashMap<>(1024);
      var lines = new BufferedReader(new InputStreamReader(in, US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          int space = line.indexOf(' ');
          numbers.put(line.substring(0, space), Integer.valueOf(line.substring(space + 1)));
        }
      }
      return new SystemCalls(architecture, numbers);
    } catch (IOException e) {
      throw new UncheckedIOException(table, e);
    }
  }

  /** The call's number. */
  public int number(String name) {
    Integer number = numbers.get(name);
    if (number == null) {
      throw new IllegalArgumentException("no system call " + name + " on " + architecture);
    }
    return number;
  }

  /** The call's number, if this architecture has it. */
  public OptionalInt find(String name) {
    Integer number = numbers.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** Whether {@code struct epoll_event} has no padding: linux/eventpoll.h, EPOLL_PACKED. */
  boolean packsPollEvents() {
    return architecture.equals("x86_64");
  }

  /** Every call's name. */
  public Set<String> names() {
    return Collections.unmodifiableSet(numbers.keySet());
  }

  /** The highest number that was known when the table was made. */
  public int highest() {
    return Collections.max(numbers.values());
  }
}
