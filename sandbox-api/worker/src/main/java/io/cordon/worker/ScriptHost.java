package io.cordon.worker;

import io.cordon.worker.wire.MessageWriter;
import io.cordon.worker.wire.Metered;
import io.cordon.worker.wire.ScriptQuota;
import io.cordon.worker.wire.ToHost;
import io.cordon.worker.wire.ToWorker;
import io.cordon.worker.wire.WireLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SandboxPolicy;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts: each in a context of its own, on one engine, so that what a script leaves behind is
 * gone and what was learnt of its source is not. Text goes in and text comes out; no object of this
 * side is ever in a script's hands.
 */
final class ScriptHost implements Guest {
  private static final String SCRIPT_NAME = "script";
  private static final int LONGEST_KEPT_SOURCE = 64 * 1024;

  private final String language;
  private final MessageWriter writer;
  private final RunningTask running;
  private final GuestOutput out;
  private final GuestOutput err;
  private final int longestResult;
  private final Engine engine;
  private final Source prelude;
  private final Map<String, Source> sources = new RecentSources();

  /** Made for the first script that has a quota. */
  private @Nullable ScriptMeter meter;

  /** The next script's context, made while there is nothing to do. */
  private Realm next;

  ScriptHost(
      String language,
      MessageWriter writer,
      RunningTask running,
      GuestOutput out,
      GuestOutput err,
      WireLimits limits) {
    this.language = language;
    this.writer = writer;
    this.running = running;
    this.out = out;
    this.err = err;
    this.longestResult = limits.bytes();
    this.engine =
        Engine.newBuilder(language)
            .sandbox(SandboxPolicy.CONSTRAINED)
            .in(InputStream.nullInputStream())
            .out(out)
            .err(err)
            // Without JVMCI there is an interpreter only; the engine's start is no place to say so.
            .option("engine.WarnInterpreterOnly", "false")
            .build();
    this.prelude =
        Source.newBuilder(language, Prelude.JAVASCRIPT, "prelude").internal(true).buildLiteral();
    this.next = newRealm();
    warmUp();
  }

  /** A context, and the two functions of the prelude in it. */
  private record Realm(Context context, Value bind, Value render) implements AutoCloseable {
    @Override
    public void close() {
      context.close(true);
    }
  }

  private Realm newRealm() {
    Context context =
        Context.newBuilder(language)
            .engine(engine)
            .sandbox(SandboxPolicy.CONSTRAINED)
            .allowHostAccess(HostAccess.CONSTRAINED)
            .allowPolyglotAccess(PolyglotAccess.NONE)
            .allowEnvironmentAccess(EnvironmentAccess.NONE)
            .allowIO(IOAccess.NONE)
            // CONSTRAINED alone would let these three pass.
            .allowCreateThread(false)
            .allowHostClassLoading(false)
            .allowNativeAccess(false)
            .allowCreateProcess(false)
            .in(InputStream.nullInputStream())
            .out(out)
            .err(err)
            .option("js.load", "false")
            .option("js.print", "false")
            .option("js.graal-builtin", "false")
            .build();
    Value functions = context.eval(prelude).execute(longestResult);
    return new Realm(context, functions.getMember("bind"), functions.getMember("render"));
  }

  /** Goes the whole way once, so that the first script does not pay for it. */
  private void warmUp() {
    String source = "[1, 2, 3].map(n => n * factor).reduce((a, b) => a + b, 0)";
    try (Realm first = newRealm();
        Realm second = newRealm()) {
      answer(first, new ToWorker.RunScript(1, language, source, bytes("{\"factor\": 2}")));
      answer(second, new ToWorker.RunScript(1, language, "null.nothing", bytes("{}")));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void accept(ToWorker message) throws IOException {
    if (message instanceof ToWorker.RunScript script) {
      run(script);
    } else if (message instanceof ToWorker.Call call) {
      writer.write(new ToHost.Rejected(call.task(), "this worker runs scripts, no plugin"));
    } else if (message instanceof ToWorker.OpenService service) {
      writer.write(
          new ToHost.ServiceMissing(service.service(), "this worker runs scripts, no plugin"));
    }
  }

  private void run(ToWorker.RunScript script) throws IOException {
    Realm realm = next;
    ScriptMeter counting = meter(script.quota());
    running.begin(script.task(), script.timeLeft());
    ToHost answer = answer(realm, script);
    Metered met = counting == null ? null : counting.met();
    if (met != null) { // whatever the script made of it
      answer = new ToHost.LimitMet(script.task(), met);
    }
    running.end(out, err);
    writer.write(answer);
    // The host has its answer: the rest happens on nobody's time.
    realm.close();
    next = newRealm();
  }

  private @Nullable ScriptMeter meter(ScriptQuota quota) {
    if (meter == null && !quota.equals(ScriptQuota.NONE)) {
      meter =
          Objects.requireNonNull(engine.getInstruments().get(ScriptMeter.ID), ScriptMeter.ID)
              .lookup(ScriptMeter.class);
    }
    if (meter != null) {
      meter.begin(quota);
    }
    return meter;
  }

  private ToHost answer(Realm realm, ToWorker.RunScript script) {
    long task = script.task();
    if (!script.language().equals(language)) {
      return new ToHost.Rejected(task, "this worker's language is " + language);
    }
    try {
      realm.bind().executeVoid(new String(script.bindings(), StandardCharsets.UTF_8));
      Value value = realm.context().eval(source(script.source()));
      byte[] json = bytes(realm.render().execute(value).asString());
      if (json.length > longestResult) {
        return new ToHost.Rejected(
            task, "the result has " + json.length + " bytes; " + longestResult + " may come out");
      }
      return new ToHost.Returned(task, json);
    } catch (PolyglotException e) {
      return e.isInternalError()
          ? new ToHost.Rejected(task, "the script engine failed: " + ThrownReport.line(e))
          : ScriptFailure.of(task, e);
    } catch (RuntimeException | StackOverflowError e) {
      return new ToHost.Rejected(task, "the script engine failed: " + ThrownReport.line(e));
    }
  }

  private Source source(String text) {
    Source known = sources.get(text);
    if (known != null) {
      return known;
    }
    Source source = Source.newBuilder(language, text, SCRIPT_NAME).buildLiteral();
    if (text.length() <= LONGEST_KEPT_SOURCE) {
      sources.put(text, source);
    }
    return source;
  }

  @Override
  public void close() {
    next.close();
    engine.close(true);
  }

  /** An engine keeps what it made of a source for as long as the source itself is kept. */
  private static final class RecentSources extends LinkedHashMap<String, Source> {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 16;

    RecentSources() {
      super(MOST, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Source> eldest) {
      return size() > MOST;
    }
  }
}
