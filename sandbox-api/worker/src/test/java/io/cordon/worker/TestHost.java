package io.cordon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.worker.wire.Contract;
import io.cordon.worker.wire.ContractMethod;
import io.cordon.worker.wire.Message;
import io.cordon.worker.wire.MessageReader;
import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.MethodCodec;
import io.cordon.worker.wire.ScriptQuota;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.ValueCodecs;
import io.cordon.worker.wire.WireLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The host's end of a conversation, one question at a time. */
final class TestHost {
  private static final int PIECE = 10_000;

  private final ValueCodecs codecs = new ValueCodecs(WireLimits.DEFAULT);
  private final MessageReader<ToHost> reader;
  private final MessageWriter writer;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final List<ToHost.Output> outputs = new ArrayList<>();
  private long task;

  TestHost(InputStream in, OutputStream out) {
    reader = MessageReader.atHost(in, WireLimits.DEFAULT.maxFrame());
    writer = new MessageWriter(out, WireLimits.DEFAULT.maxFrame());
  }

  /** The next message that is no output. */
  ToHost next() throws IOException {
    for (ToHost message = reader.read(); message != null; message = reader.read()) {
      if (!(message instanceof ToHost.Output output)) {
        return message;
      }
      outputs.add(output);
      printed.write(output.bytes());
    }
    throw new IOException("the worker is gone");
  }

  void ready() throws IOException {
    assertThat(next()).isEqualTo(new ToHost.Ready(Message.VERSION));
  }

  void send(ToWorker message) throws IOException {
    writer.write(message);
  }

  void ship(Contract contract) throws Exception {
    send(new ToWorker.DefineContract(contract.type().getName(), contract.classFiles()));
  }

  void ship(PluginJar jar) throws IOException {
    byte[] bytes = jar.bytes();
    for (int start = 0; start < bytes.length; start += PIECE) {
      int end = Math.min(bytes.length, start + PIECE);
      send(
          new ToWorker.PluginJar(
              "plugin.jar", Arrays.copyOfRange(bytes, start, end), end == bytes.length));
    }
  }

  ToHost open(int service, Class<?> contract) throws IOException {
    send(new ToWorker.OpenService(service, contract.getName()));
    return next();
  }

  /** Ships a plugin and opens its only service. */
  Client open(Class<?> contract, PluginJar jar) throws Exception {
    Contract described = Contract.of(contract);
    ship(described);
    ship(jar);
    return client(described);
  }

  /** Opens the only service of a plugin that was shipped. */
  Client client(Contract contract) throws Exception {
    assertThat(open(1, contract.type())).isEqualTo(new ToHost.ServiceOpened(1));
    return new Client(contract, 1);
  }

  /** A service that was opened. */
  final class Client {
    private final Contract contract;
    private final int service;
    private final List<MethodCodec> methods;

    Client(Contract contract, int service) throws Exception {
      this.contract = contract;
      this.service = service;
      this.methods = codecs.of(contract);
    }

    /** Calls a method; the answer's value is read if it returned. */
    @Nullable Object call(String name, @Nullable Object... arguments) throws Exception {
      int index = index(name);
      send(new ToWorker.Call(++task, service, index, methods.get(index).writeArguments(arguments)));
      ToHost answer = next();
      return answer instanceof ToHost.Returned returned
          ? methods.get(index).readResult(returned.value())
          : answer;
    }

    /** Calls a method that throws. */
    ToHost.Threw threw(String name, @Nullable Object... arguments) throws Exception {
      if (call(name, arguments) instanceof ToHost.Threw threw) {
        return threw;
      }
      throw new AssertionError(name + " didn't throw");
    }

    int index(String name) {
      return contract.methods().stream()
          .filter(method -> method.method().getName().equals(name))
          .mapToInt(ContractMethod::index)
          .findFirst()
          .orElseThrow();
    }
  }

  /** Runs a script; the answer is its JSON text if it returned. */
  Object script(String source, Map<String, ?> bindings) throws Exception {
    return script(source, bindings, ScriptQuota.NONE);
  }

  Object script(String source, Map<String, ?> bindings, ScriptQuota quota) throws Exception {
    byte[] text = codecs.writeBindings(new LinkedHashMap<>(bindings));
    send(new ToWorker.RunScript(++task, "js", source, text, Long.MAX_VALUE, quota));
    ToHost answer = next();
    return answer instanceof ToHost.Returned returned
        ? codecs.readJsonText(returned.value())
        : answer;
  }

  Object script(String source) throws Exception {
    return script(source, Map.of());
  }

  /** The number of the last task. */
  long task() {
    return task;
  }

  /** All that was printed until the last answer. */
  String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** All the messages by which it came. */
  List<ToHost.Output> outputs() {
    return outputs;
  }
}
