package io.cordon.worker;

import io.cordon.worker.sample.Greeter;
import io.cordon.worker.sample.Greeting;
import io.cordon.worker.sample.Person;
import io.cordon.worker.wire.Contract;
import io.cordon.worker.wire.ContractException;
import io.cordon.worker.wire.MessageReader;
import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.MethodCodec;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.ValueCodecs;
import io.cordon.worker.wire.ValueException;
import io.cordon.worker.wire.WireLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A worker that talks to itself, so that the JVM sees what a worker needs and can put it into an
 * AOT cache. The conversation is written down, served from memory, and what came of it is checked:
 * a cache made of a failure would mean a slow start for ever.
 */
final class Training {
  private static final int ROUNDS = 20;
  private static final int MAX_FRAME = WireLimits.DEFAULT.maxFrame();

  private final ByteArrayOutputStream questions = new ByteArrayOutputStream();
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final MessageWriter host = new MessageWriter(questions, MAX_FRAME);

  /** Ships a contract and a plugin, and calls it. */
  void plugin() throws IOException {
    try {
      Contract contract = Contract.of(Greeter.class);
      MethodCodec greet = new ValueCodecs(WireLimits.DEFAULT).of(contract).getFirst();
      host.write(new ToWorker.DefineContract(Greeter.class.getName(), contractClasses()));
      // The worker's own jar holds the sample, as a plugin's would.
      String jar = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
      try (InputStream in = new FileInputStream(jar)) {
        host.write(new ToWorker.PluginJar("sample.jar", in.readAllBytes(), true));
      }
      host.write(new ToWorker.OpenService(1, Greeter.class.getName()));
      for (int task = 1; task <= ROUNDS; task++) {
        host.write(new ToWorker.Call(task, 1, 0, greet.writeArguments(new Object[] {ada(task)})));
      }
      host.write(
          new ToWorker.Call(ROUNDS + 1, 1, 0, greet.writeArguments(new @Nullable Object[] {null})));
    } catch (ContractException | ValueException e) {
      throw new IOException(e);
    }
    Worker worker = worker();
    PrintStream before = System.out;
    System.setOut(new PrintStream(worker.out(), false, StandardCharsets.UTF_8));
    try (Guest guest = worker.plugin(new File(System.getProperty("java.io.tmpdir")))) {
      worker.serve(guest);
    } finally {
      System.setOut(before);
    }
    check();
  }

  private static Person ada(int age) {
    return new Person(
        "Ada", age, Optional.empty(), List.of("chess"), Map.of("savings", new BigDecimal("1.50")));
  }

  private static Map<String, byte[]> contractClasses() throws IOException {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    for (Class<?> type :
        List.of(Greeter.class, Person.class, Greeting.class, Greeting.Tone.class)) {
      String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
      try (InputStream in = type.getResourceAsStream(file)) {
        if (in == null) {
          throw new IOException("no " + file);
        }
        classes.put(type.getName(), in.readAllBytes());
      }
    }
    return classes;
  }

  /** Runs scripts. */
  void scripts() throws IOException {
    byte[] bindings =
        "{\"order\": {\"lines\": [{\"name\": \"tea\", \"price\": 2.5}]}, \"text\": \"a, b\"}"
            .getBytes(StandardCharsets.UTF_8);
    for (int task = 1; task <= ROUNDS; task++) {
      String source =
          switch (task % 4) {
            case 0 -> "({sum: order.lines.reduce((sum, line) => sum + line.price, 0)})";
            case 1 -> "console.log(text); text.split(/, */).map(s => s.toUpperCase()).sort()";
            case 2 ->
                """
                class Basket { constructor(lines) { this.lines = [...lines]; } }
                const seen = new Map();
                for (const { name, price } of new Basket(order.lines).lines) seen.set(name, price);
                Object.fromEntries(seen)
                """;
            default -> "JSON.parse(JSON.stringify(order)).lines[0].price.toFixed(2)";
          };
      host.write(new ToWorker.RunScript(task, "js", source, bindings));
    }
    host.write(new ToWorker.RunScript(ROUNDS + 1, "js", "nothing.at.all", bindings));
    Worker worker = worker();
    try (Guest guest = worker.scripts("js")) {
      worker.serve(guest);
    }
    check();
  }

  private Worker worker() {
    return new Worker(new ByteArrayInputStream(questions.toByteArray()), answers);
  }

  /** All rounds returned, and the one after them threw. */
  private void check() throws IOException {
    MessageReader<ToHost> reader =
        MessageReader.atHost(new ByteArrayInputStream(answers.toByteArray()), MAX_FRAME);
    int returned = 0;
    int threw = 0;
    for (ToHost answer = reader.read(); answer != null; answer = reader.read()) {
      switch (answer) {
        case ToHost.Returned ok -> returned++;
        case ToHost.Threw exception -> threw++;
        case ToHost.Ready ready -> {}
        case ToHost.ServiceOpened opened -> {}
        case ToHost.Output printed -> {}
        case ToHost.Traits traits -> {}
        case ToHost.ThreadDump dump -> {}
        case ToHost.ServiceMissing missing -> throw new IOException(missing.reason());
        case ToHost.Rejected rejected -> throw new IOException(rejected.reason());
        case ToHost.LimitMet met -> throw new IOException("met its limit of " + met.metered());
      }
    }
    if (returned != ROUNDS || threw != 1) {
      throw new IOException("trained " + returned + " answers and " + threw + " failures");
    }
  }
}
