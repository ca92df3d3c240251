package io.cordon.policy;

import io.cordon.policy.PolicyProblem.Code;
import io.cordon.policy.YamlNode.Pair;
import io.cordon.policy.YamlNode.ScalarType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.SpecVersion;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads the part of YAML 1.2 that a policy needs: one document of mappings, lists and scalars. No
 * anchors, aliases, tags or merge keys.
 *
 * <p>It works on the parser's events. The library's composer would recurse as deep as the file
 * nests and follow aliases before anything here could count them.
 */
final class YamlReader {
  static final int MAX_DEPTH = 8;
  static final int MAX_NODES = 4096;
  static final int MAX_SCALAR = 256;

  private static final String NOT_IN_A_POLICY = " are not allowed in a policy";

  private final Problems problems;
  private final ScalarResolver resolver = new CoreScalarResolver(false);
  private final Iterator<Event> events;
  private Position last = Position.START;
  private int nodes;

  private YamlReader(String text, Problems problems) {
    this.problems = problems;
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(PolicySource.MAX_BYTES).build();
    this.events = new ParserImpl(settings, new StreamReader(settings, text));
  }

  /**
   * Reads a text.
   *
   * @return the root, or nothing if there is no more than comments
   * @throws PolicyException if reading can't go on; what is wrong but can be read past is added to
   *     {@code problems}
   */
  static Optional<YamlNode> read(String text, Problems problems) {
    return new YamlReader(text, problems).document();
  }

  private Optional<YamlNode> document() {
    YamlNode root = null;
    while (true) {
      Event event = next();
      switch (event.getEventId()) {
        case StreamEnd -> {
          return Optional.ofNullable(root).filter(node -> !isBlank(node));
        }
        case DocumentStart -> {
          if (root != null) {
            throw problems.fatal(last, Code.SYNTAX, "a policy is one document: remove the second");
          }
          checkDirectives((DocumentStartEvent) event);
        }
        case Alias, Scalar, SequenceStart, MappingStart -> root = node(event, 1);
        default -> {
          // Starts and ends that carry nothing.
        }
      }
    }
  }

  /** Whether a document has nothing between its markers. */
  private static boolean isBlank(YamlNode root) {
    return root instanceof YamlNode.Scalar(Position _, String text, ScalarType type)
        && type == ScalarType.NULL
        && text.isEmpty();
  }

  private void checkDirectives(DocumentStartEvent start) {
    SpecVersion version = start.getSpecVersion().orElse(new SpecVersion(1, 2));
    if (version.getMajor() != 1 || version.getMinor() != 2) {
      problems.add(last, Code.SYNTAX, "a policy is YAML 1.2, not " + version.getRepresentation());
    }
  }

  private YamlNode node(Event event, int depth) {
    Position at = last;
    if (++nodes > MAX_NODES) {
      throw problems.fatal(at, Code.TOO_LARGE, "more than " + MAX_NODES + " values");
    }
    if (depth > MAX_DEPTH) {
      throw problems.fatal(at, Code.TOO_LARGE, "nested deeper than " + MAX_DEPTH + " levels");
    }
    if (event instanceof NodeEvent named && named.getAnchor().isPresent()) {
      String what = event instanceof AliasEvent ? "aliases" : "anchors";
      problems.add(at, Code.SYNTAX, what + NOT_IN_A_POLICY + ": write the value out");
    }
    return switch (event) {
      case ScalarEvent scalar -> scalar(scalar, at);
      case SequenceStartEvent start -> {
        checkTag(start.getTag(), at);
        yield sequence(at, depth);
      }
      case MappingStartEvent start -> {
        checkTag(start.getTag(), at);
        yield mapping(at, depth);
      }
      default -> new YamlNode.Refused(at);
    };
  }

  private YamlNode scalar(ScalarEvent event, Position at) {
    checkTag(event.getTag(), at);
    String text = event.getValue();
    // Before the resolver: its patterns recurse on long input.
    if (text.length() > MAX_SCALAR) {
      problems.add(at, Code.TOO_LARGE, "longer than " + MAX_SCALAR + " characters");
      return new YamlNode.Refused(at);
    }
    return new YamlNode.Scalar(at, text, type(resolver.resolve(text, event.isPlain())));
  }

  private static ScalarType type(Tag tag) {
    if (tag.equals(Tag.NULL)) {
      return ScalarType.NULL;
    }
    if (tag.equals(Tag.BOOL)) {
      return ScalarType.BOOLEAN;
    }
    return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? ScalarType.NUMBER : ScalarType.STRING;
  }

  private YamlNode sequence(Position at, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      items.add(node(event, depth + 1));
    }
    return new YamlNode.Sequence(at, List.copyOf(items));
  }

  private YamlNode mapping(Position at, int depth) {
    Map<String, Position> seen = new HashMap<>();
    List<Pair> entries = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      YamlNode key = node(event, depth + 1);
      YamlNode value = node(next(), depth + 1);
      switch (key) {
        case YamlNode.Scalar(Position where, String name, ScalarType _) when name.equals("<<") ->
            problems.add(where, Code.SYNTAX, "merge keys" + NOT_IN_A_POLICY);
        case YamlNode.Scalar(Position where, String name, ScalarType _) -> {
          Position first = seen.putIfAbsent(name, where);
          if (first == null) {
            entries.add(new Pair(where, name, value));
          } else {
            problems.add(
                where,
                Code.DUPLICATE_KEY,
                "the key " + Quoted.of(name) + " is already in line " + first.line());
          }
        }
        case YamlNode.Sequence _, YamlNode.Mapping _ ->
            problems.add(key.at(), Code.WRONG_TYPE, "a key must be a word, not " + key.what());
        case YamlNode.Refused _ -> {
          // Reported where it was read.
        }
      }
    }
    return new YamlNode.Mapping(at, List.copyOf(entries));
  }

  private void checkTag(Optional<String> tag, Position at) {
    if (tag.isPresent()) {
      problems.add(at, Code.SYNTAX, "tags" + NOT_IN_A_POLICY);
    }
  }

  private Event next() {
    try {
      Event event = events.next();
      last = event.getStartMark().map(YamlReader::position).orElse(last);
      return event;
    } catch (MarkedYamlEngineException e) {
      Position at = e.getProblemMark().or(e::getContextMark).map(YamlReader::position).orElse(last);
      throw problems.fatal(at, Code.SYNTAX, sentence(e.getContext(), e.getProblem()));
    } catch (YamlEngineException e) {
      throw problems.fatal(last, Code.SYNTAX, Quoted.plain(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      // The library's scanner lets some escape: NumberFormatException for "\UFFFFFFFF", say.
      throw problems.fatal(
          last, Code.SYNTAX, "is no YAML after here: " + Quoted.plain(e.toString()));
    }
  }

  private static String sentence(String context, String problem) {
    String text = context == null || context.isEmpty() ? problem : context + ", " + problem;
    return Quoted.plain(text);
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
