package io.cordon.worker;

import io.cordon.worker.wire.Contract;
import io.cordon.worker.wire.ContractException;
import io.cordon.worker.wire.ContractMethod;
import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.MethodCodec;
import io.cordon.worker.wire.ProtocolException;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.ValueCodecs;
import io.cordon.worker.wire.ValueException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Loads a plugin behind the contracts that the host shipped, and calls it. The chain of loaders is
 * platform, contract, plugin: each sees what is before it, and a plugin's class of a name that is
 * known there is never asked for.
 */
final class PluginHost implements Guest {
  private static final int LONGEST_REASON = 4 * 1024;

  private record Service(
      Object implementation, List<ContractMethod> methods, List<MethodCodec> codecs) {}

  private final MessageWriter writer;
  private final RunningTask running;
  private final GuestOutput out;
  private final GuestOutput err;
  private final ValueCodecs codecs;
  private final PluginJars jars;
  private final ContractLoader contracts = new ContractLoader();
  private final Map<Integer, Service> services = new HashMap<>();
  private @Nullable URLClassLoader plugin;

  /** The first thing that went wrong before a service was asked for. */
  private @Nullable String problem;

  PluginHost(
      MessageWriter writer,
      RunningTask running,
      GuestOutput out,
      GuestOutput err,
      ValueCodecs codecs,
      PluginJars jars) {
    this.writer = writer;
    this.running = running;
    this.out = out;
    this.err = err;
    this.codecs = codecs;
    this.jars = jars;
  }

  @Override
  public void accept(ToWorker message) throws IOException {
    if (message instanceof ToWorker.Call call) {
      call(call);
    } else if (message instanceof ToWorker.DefineContract contract) {
      define(contract);
    } else if (message instanceof ToWorker.PluginJar piece) {
      add(piece);
    } else if (message instanceof ToWorker.OpenService service) {
      open(service);
    } else if (message instanceof ToWorker.ReadTraits) {
      writer.write(new ToHost.Traits(jars.traits()));
    } else if (message instanceof ToWorker.RunScript script) {
      writer.write(new ToHost.Rejected(script.task(), "this worker runs a plugin, no scripts"));
    }
  }

  @Override
  public void close() throws IOException {
    if (plugin != null) {
      plugin.close();
    }
    jars.close();
  }

  private void define(ToWorker.DefineContract contract) {
    try {
      contracts.add(contract.classes());
    } catch (GuestException e) {
      remember(e.getMessage());
    }
  }

  private void add(ToWorker.PluginJar piece) {
    if (plugin != null) {
      remember(piece.name() + " came after the plugin was loaded");
      return;
    }
    try {
      jars.add(piece);
    } catch (IOException e) {
      remember("the plugin's " + piece.name() + " can't be stored: " + e.getMessage());
    }
  }

  private void remember(@Nullable String reason) {
    if (problem == null) {
      problem = reason;
    }
  }

  private void open(ToWorker.OpenService request) throws IOException {
    ToHost answer;
    try {
      services.put(request.service(), load(request.interfaceName()));
      answer = new ToHost.ServiceOpened(request.service());
    } catch (GuestException e) {
      String reason = ThrownReport.cut(String.valueOf(e.getMessage()), LONGEST_REASON);
      answer = new ToHost.ServiceMissing(request.service(), reason);
    }
    out.flush();
    err.flush();
    writer.write(answer);
  }

  private Service load(String interfaceName) throws GuestException {
    if (problem != null) {
      throw new GuestException(problem);
    }
    try {
      if (plugin == null) {
        plugin = new URLClassLoader("plugin", jars.urls(), contracts);
      }
      Thread.currentThread().setContextClassLoader(plugin);
      Class<?> type = Class.forName(interfaceName, false, contracts);
      Contract contract = Contract.of(type);
      Iterator<?> providers = ServiceLoader.load(type, plugin).iterator();
      if (!providers.hasNext()) {
        throw new GuestException(
            "the plugin has no META-INF/services/" + interfaceName + " that names a class");
      }
      return new Service(providers.next(), contract.methods(), codecs.of(contract));
    } catch (ContractException | IOException | ClassNotFoundException e) {
      throw new GuestException(ThrownReport.line(e), e);
    } catch (ServiceConfigurationError e) {
      Throwable cause = e.getCause();
      throw new GuestException(
          cause == null
              ? ThrownReport.line(e)
              : ThrownReport.line(e) + ", because of " + ThrownReport.line(cause),
          e);
    } catch (GuestException e) {
      throw e;
    } catch (Throwable thrown) {
      // The plugin's code: anything may come out of it.
      throw new GuestException(ThrownReport.line(thrown), thrown);
    }
  }

  private void call(ToWorker.Call call) throws IOException {
    running.begin(call.task(), call.timeLeft());
    ToHost answer = answer(call);
    running.end(out, err);
    writer.write(answer);
  }

  /** A call may leave the thread with another class loader, or interrupted. */
  private void forgetTheLastCall() {
    Thread.interrupted();
    Thread.currentThread().setContextClassLoader(plugin);
  }

  private ToHost answer(ToWorker.Call call) {
    Service service = services.get(call.service());
    if (service == null || call.method() < 0 || call.method() >= service.methods().size()) {
      return new ToHost.Rejected(call.task(), "no such method is open");
    }
    MethodCodec codec = service.codecs().get(call.method());
    Method method = service.methods().get(call.method()).method();
    try {
      @Nullable Object[] arguments = codec.readArguments(call.arguments());
      forgetTheLastCall();
      Object value = method.invoke(service.implementation(), arguments);
      return new ToHost.Returned(call.task(), codec.writeResult(value));
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      return ThrownReport.of(call.task(), thrown == null ? e : thrown);
    } catch (ProtocolException e) {
      return new ToHost.Rejected(call.task(), "the arguments can't be made: " + e.getMessage());
    } catch (ValueException e) {
      return new ToHost.Rejected(call.task(), "the value can't be sent: " + e.getMessage());
    } catch (Throwable thrown) {
      // Of the plugin's collections and records, which are read and made here.
      return ThrownReport.of(call.task(), thrown);
    }
  }
}
