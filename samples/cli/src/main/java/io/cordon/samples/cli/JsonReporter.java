package io.cordon.samples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.Trip;
import io.cordon.sandbox.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Writes one object with everything in it, whatever happens; every member is always there. */
final class JsonReporter implements Reporter {
  private static final int MAX_STREAM_BYTES = 1 << 20;

  private final OutputStream out;
  private final BoundedBuffer stdout = new BoundedBuffer(MAX_STREAM_BYTES);
  private final BoundedBuffer stderr = new BoundedBuffer(MAX_STREAM_BYTES);

  JsonReporter(OutputStream out) {
    this.out = out;
  }

  @Override
  public OutputStream stdout() {
    return stdout;
  }

  @Override
  public OutputStream stderr() {
    return stderr;
  }

  @Override
  public void progress(String message) {}

  @Override
  public void note(String message) {}

  @Override
  public void ended(Outcome<?> outcome) throws IOException {
    Json.write(
        out,
        json -> {
          json.writeStringField("outcome", word(outcome));
          json.writeStringField("tenant", outcome.tenant());
          Trip trip = outcome instanceof Outcome.LimitExceeded<?> l ? l.trip() : null;
          limit(json, trip);
          json.writeArrayFieldStart("trips");
          for (Trip each : outcome.report().trips()) {
            json.writeStartObject();
            limit(json, each);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeStringField("strategy", outcome.report().isolation().strategy());
          json.writeStringField("tier", outcome.report().isolation().tier());
          strings(json, "reasons", outcome.report().isolation().reasons());
          layers(json, outcome.report().isolation().layers());
          launch(json, outcome.report().isolation().launch());
          usage(json, outcome.report().usage());
          exitStatus(json, exitStatus(outcome));
          crash(json, outcome);
          value(json, outcome);
          strings(json, "outputs", outputs(outcome));
          streams(json);
          error(json, outcome);
        });
  }

  @Override
  public void failed(Failure failure) throws IOException {
    Json.write(
        out,
        json -> {
          json.writeStringField("outcome", failure.outcome());
          json.writeNullField("tenant");
          limit(json, null);
          strings(json, "trips", List.of());
          json.writeStringField("strategy", "none");
          json.writeStringField("tier", "none");
          strings(json, "reasons", List.of());
          layers(json, List.of());
          launch(json, Optional.empty());
          usage(json, Usage.NONE);
          exitStatus(json, OptionalInt.empty());
          json.writeNullField("signal");
          json.writeNullField("value");
          strings(json, "outputs", List.of());
          streams(json);
          error(json, failure.code(), failure.reason());
        });
  }

  /** Writes the member {@code layers}. */
  static void layers(JsonGenerator json, List<Layer> layers) throws IOException {
    json.writeArrayFieldStart("layers");
    for (Layer layer : layers) {
      json.writeStartObject();
      json.writeStringField("name", layer.name());
      if (layer.protection().isPresent()) {
        json.writeStringField("protection", layer.protection().get().key());
      } else {
        json.writeNullField("protection");
      }
      json.writeStringField("state", id(layer.state()));
      json.writeStringField("detail", layer.detail());
      json.writeStringField("remedy", layer.remedy());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes an array of texts. */
  static void strings(JsonGenerator json, String name, List<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void limit(JsonGenerator json, @Nullable Trip trip) throws IOException {
    if (trip == null) {
      for (String name : List.of("limit", "effect", "allowed", "observed", "unit", "evidence")) {
        json.writeNullField(name);
      }
      return;
    }
    json.writeStringField("limit", trip.limit().key());
    json.writeStringField("effect", id(trip.effect()));
    json.writeNumberField("allowed", trip.allowed());
    json.writeNumberField("observed", trip.observed());
    json.writeStringField("unit", id(trip.limit().unit()));
    json.writeStringField("evidence", id(trip.evidence()));
  }

  private static void launch(JsonGenerator json, Optional<Duration> launch) throws IOException {
    if (launch.isPresent()) {
      json.writeNumberField("launchNanos", launch.get().toNanos());
    } else {
      json.writeNullField("launchNanos");
    }
  }

  private static void usage(JsonGenerator json, Usage usage) throws IOException {
    json.writeObjectFieldStart("usage");
    json.writeNumberField("wallNanos", usage.wall().toNanos());
    json.writeNumberField("cpuUserNanos", usage.cpuUser().toNanos());
    json.writeNumberField("cpuSystemNanos", usage.cpuSystem().toNanos());
    if (usage.memoryPeak().isPresent()) {
      json.writeNumberField("memoryPeakBytes", usage.memoryPeak().getAsLong());
    } else {
      json.writeNullField("memoryPeakBytes");
    }
    json.writeNumberField("outputBytes", usage.outputBytes());
    json.writeEndObject();
  }

  private static OptionalInt exitStatus(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Succeeded<?> s -> OptionalInt.of(0);
      case Outcome.Failed<?> f -> f.exitStatus();
      case Outcome.LimitExceeded<?> l -> OptionalInt.empty();
      case Outcome.Refused<?> r -> OptionalInt.empty();
      case Outcome.Crashed<?> c -> OptionalInt.empty();
      case Outcome.Cancelled<?> c -> OptionalInt.empty();
    };
  }

  private static void exitStatus(JsonGenerator json, OptionalInt status) throws IOException {
    if (status.isPresent()) {
      json.writeNumberField("exitStatus", status.getAsInt());
    } else {
      json.writeNullField("exitStatus");
    }
  }

  private static void crash(JsonGenerator json, Outcome<?> outcome) throws IOException {
    if (outcome instanceof Outcome.Crashed<?> crashed) {
      json.writeNumberField("signal", crashed.signal());
    } else {
      json.writeNullField("signal");
    }
  }

  /** A script's value is JSON text of the guest: it stays a text here. */
  private static void value(JsonGenerator json, Outcome<?> outcome) throws IOException {
    if (outcome instanceof Outcome.Succeeded<?> s && s.value() instanceof String value) {
      json.writeStringField("value", value);
    } else {
      json.writeNullField("value");
    }
  }

  /** The names of the files that were brought back. */
  private static List<String> outputs(Outcome<?> outcome) {
    return outcome instanceof Outcome.Succeeded<?> s && s.value() instanceof Exit exit
        ? List.copyOf(exit.outputs().keySet())
        : List.of();
  }

  private void streams(JsonGenerator json) throws IOException {
    json.writeStringField("stdout", stdout.text());
    json.writeBooleanField("stdoutTruncated", stdout.truncated());
    json.writeStringField("stderr", stderr.text());
    json.writeBooleanField("stderrTruncated", stderr.truncated());
  }

  private static void error(JsonGenerator json, Outcome<?> outcome) throws IOException {
    switch (outcome) {
      case Outcome.Refused<?> r -> error(json, r.code().id(), r.reason());
      case Outcome.Failed<?> f -> error(json, "guest-failed", f.message());
      case Outcome.Crashed<?> c -> error(json, "guest-crashed", c.description());
      case Outcome.Succeeded<?> s -> json.writeNullField("error");
      case Outcome.LimitExceeded<?> l -> json.writeNullField("error");
      case Outcome.Cancelled<?> c -> json.writeNullField("error");
    }
  }

  private static void error(JsonGenerator json, String code, String reason) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeStringField("code", code);
    json.writeStringField("reason", reason);
    json.writeEndObject();
  }

  private static String word(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Succeeded<?> s -> "succeeded";
      case Outcome.LimitExceeded<?> l -> "limit-exceeded";
      case Outcome.Failed<?> f -> "failed";
      case Outcome.Refused<?> r -> "refused";
      case Outcome.Crashed<?> c -> "crashed";
      case Outcome.Cancelled<?> c -> "cancelled";
    };
  }

  private static String id(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
