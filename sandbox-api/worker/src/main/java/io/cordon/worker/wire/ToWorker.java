package io.cordon.worker.wire;

import java.util.Map;

/** What the host says. The worker takes one message at a time, in the order sent. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public sealed interface ToWorker extends Message {

  /**
   * Ships a contract. Several may be shipped; a class that two of them mention must be the same in
   * both. No answer: what goes wrong is said when a service is opened.
   *
   * @param interfaceName the binary name of the interface
   * @param classes class files by binary name, see {@link Contract#classFiles}
   */
  record DefineContract(String interfaceName, Map<String, byte[]> classes) implements ToWorker {}

  /**
   * Ships the next piece of a plugin's jar. All jars come before the first service is opened, one
   * after the other. No answer: what goes wrong is said when a service is opened.
   *
   * @param name the jar's name, for messages
   * @param last whether the jar is complete with this piece
   */
  record PluginJar(String name, byte[] chunk, boolean last) implements ToWorker {}

  /**
   * Looks through the jars that have come, none of whose code has run yet. Answered by {@link
   * ToHost.Traits}.
   */
  record ReadTraits() implements ToWorker {}

  /**
   * Finds and makes the plugin's implementation of a contract. Answered by {@link
   * ToHost.ServiceOpened} or {@link ToHost.ServiceMissing}.
   *
   * @param service the number by which the host will call it
   */
  record OpenService(int service, String interfaceName) implements ToWorker {}

  /**
   * Calls a method. Answered by {@link ToHost.Returned}, {@link ToHost.Threw} or {@link
   * ToHost.Rejected}, with any number of {@link ToHost.Output} before.
   *
   * @param task the number by which the answer will name this call; not 0
   * @param method the method's index in its {@link Contract}
   * @param arguments as {@link MethodCodec#writeArguments} wrote them
   * @param timeLeft nanoseconds until the host ends the call, so that the worker can say in time
   *     what its threads are at; {@link Long#MAX_VALUE} if it never does
   */
  record Call(long task, int service, int method, byte[] arguments, long timeLeft)
      implements ToWorker {

    /** A call that may take for ever. */
    public Call(long task, int service, int method, byte[] arguments) {
      this(task, service, method, arguments, Long.MAX_VALUE);
    }
  }

  /**
   * Runs a script. Answered as a call is; the value is JSON text in UTF-8.
   *
   * @param language GraalVM Polyglot's name of the language
   * @param bindings as {@link ValueCodecs#writeBindings} wrote them
   * @param timeLeft as in a {@link Call}
   * @param quota what it may have of what the worker counts; beyond that, {@link ToHost.LimitMet}
   *     is the answer
   */
  record RunScript(
      long task, String language, String source, byte[] bindings, long timeLeft, ScriptQuota quota)
      implements ToWorker {

    /** A script that may take for ever, and as much as it likes. */
    public RunScript(long task, String language, String source, byte[] bindings) {
      this(task, language, source, bindings, Long.MAX_VALUE, ScriptQuota.NONE);
    }
  }
}
