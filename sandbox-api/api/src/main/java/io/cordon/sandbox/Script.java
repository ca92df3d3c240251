package io.cordon.sandbox;

import io.cordon.policy.WorkloadKind;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A script. Immutable: each method returns a changed copy. The value of its last expression is the
 * task's value; plain data goes in and comes out, and the script reaches nothing else.
 *
 * {@snippet :
 * Script.javaScript("order.lines.reduce((sum, line) => sum + line.price, 0)")
 *     .bind("order", order)
 *     .returning(Long.class)
 * }
 *
 * @param <T> the value's type; without {@link #returning}, the value's JSON text
 */
public final class Script<T> implements Task<T> {

  /** The languages that scripts can be written in. */
  public enum Language {
    /** JavaScript; needs {@code org.graalvm.polyglot:js-community} on the class path. */
    JAVASCRIPT("js");

    private final String id;

    Language(String id) {
      this.id = id;
    }

    /** GraalVM Polyglot's name of the language. */
    public String id() {
      return id;
    }
  }

  private final Language language;
  private final String source;
  private final SequencedMap<String, Object> bindings;
  private final Type valueType;

  private Script(
      Language language, String source, SequencedMap<String, Object> bindings, Type valueType) {
    this.language = language;
    this.source = source;
    this.bindings = bindings;
    this.valueType = valueType;
  }

  /** A JavaScript script whose value comes back as JSON text. */
  public static Script<String> javaScript(String source) {
    return new Script<>(Language.JAVASCRIPT, source, new LinkedHashMap<>(), Json.class);
  }

  /** Marks the value type of a script whose value is wanted as JSON text. */
  public interface Json {}

  /**
   * Binds a global name to plain data: booleans, numbers, strings, characters, enums; records,
   * collections, arrays, {@code Optional}s; maps whose keys are strings, enums, integers or UUIDs.
   * {@code UUID}, {@code URI} and the values of {@code java.time} (of zones, {@code ZoneOffset})
   * come as text, {@code byte[]} as text in base 64.
   *
   * <p>Nothing is looked at here. The value is read when the task begins, by a thread of its own:
   * leave it unchanged until the outcome is there. The task is then {@linkplain Outcome.Refused
   * refused} with {@link ErrorCode#BAD_VALUE} for what is no plain data; for an integer beyond
   * 2<sup>53</sup>-1 either way, which a script can't hold exactly, and a number that is not
   * finite; and if all bindings as JSON and the source are more than 8 MiB, or the bindings are
   * more than 64 levels deep, or have more than 500,000 elements of collections, maps and arrays.
   */
  public Script<T> bind(String name, Object value) {
    SequencedMap<String, Object> changed = new LinkedHashMap<>(bindings);
    changed.put(name, value);
    return new Script<>(language, source, changed, valueType);
  }

  /**
   * Says what plain data the value is: any type that a {@linkplain Sandbox#service contract} may
   * mention. A {@code Class} says nothing of elements: for those, name an array, or a record with a
   * list in it. Nothing is looked at here: the task is {@linkplain Outcome.Refused refused} with
   * {@link ErrorCode#BAD_VALUE} if the type is not plain data, and is {@link Outcome.Failed} if the
   * script's value is none of that type, or is larger than a contract's may be. The value counts
   * towards {@code output.max}.
   */
  public <U> Script<U> returning(Class<U> type) {
    return new Script<>(language, source, bindings, type);
  }

  /** The language. */
  public Language language() {
    return language;
  }

  /** The source text. */
  public String source() {
    return source;
  }

  /** The global names and their values. */
  public SequencedMap<String, Object> bindings() {
    return Collections.unmodifiableSequencedMap(bindings);
  }

  /** What the value is: a plain data type, or {@link Json}. */
  public Type valueType() {
    return valueType;
  }

  @Override
  public WorkloadKind kind() {
    return WorkloadKind.SCRIPT;
  }
}
