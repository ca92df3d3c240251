package io.cordon.vm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs in a guest that is cloned while this waits for a line; then repeats it, and says what it
 * draws. What is called warm was used before.
 */
final class Draws {
  static final String GREETING = "ready\n";

  private Draws() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    SecureRandom warmSecure = new SecureRandom();
    warmSecure.nextBytes(new byte[16]);
    UUID.randomUUID();
    Random warmRandom = new Random();
    ThreadLocalRandom.current().nextLong();
    List<String> restless = Collections.synchronizedList(new ArrayList<>());
    Thread.ofPlatform().daemon().start(() -> draw(restless));
    awaitMore(restless); // which all clones have
    System.out.print(GREETING);
    System.out.flush();
    String told = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
    awaitMore(restless); // of this one's own
    Map<String, Object> drawn = new LinkedHashMap<>();
    drawn.put("told", told);
    drawn.put("uuid", UUID.randomUUID());
    drawn.put("secure", hex(new SecureRandom()));
    drawn.put("warm-secure", hex(warmSecure));
    drawn.put("random", new Random().nextLong());
    drawn.put("warm-random", warmRandom.nextLong());
    drawn.put("thread-local", ThreadLocalRandom.current().nextLong());
    drawn.put("math", Math.random());
    drawn.put("set-order", Set.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
    drawn.put("identity", System.identityHashCode(new Object()));
    drawn.put("host", InetAddress.getLocalHost());
    drawn.put("clock", System.currentTimeMillis());
    drawn.put("restless", String.join(",", List.copyOf(restless)));
    drawn.forEach((name, value) -> System.out.println(name + "=" + value));
    System.out.flush();
  }

  private static void awaitMore(List<String> drawn) throws InterruptedException {
    int enough = drawn.size() + 5;
    while (drawn.size() < enough) {
      Thread.sleep(1);
    }
  }

  /** All the time, as a program's other threads may. */
  private static void draw(List<String> drawn) {
    try (InputStream random = new FileInputStream("/dev/urandom")) {
      while (drawn.size() < 10_000) {
        drawn.add(HexFormat.of().formatHex(random.readNBytes(8)));
        Thread.sleep(1);
      }
    } catch (IOException | InterruptedException e) {
      drawn.add(e.toString());
    }
  }

  private static String hex(SecureRandom random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
