package io.cordon.policy;

import java.util.List;

/** A piece of a policy file: the plain part of YAML, each piece with its place. */
sealed interface YamlNode {

  Position at();

  /** What it is, in the words of a message. */
  String what();

  /**
   * A single value.
   *
   * @param text its characters, without quotes
   * @param type what the core schema of YAML 1.2 takes it for
   */
  record Scalar(Position at, String text, ScalarType type) implements YamlNode {
    @Override
    public String what() {
      return switch (type) {
        case NULL -> "nothing";
        case BOOLEAN -> "the boolean " + Quoted.of(text);
        case NUMBER -> "the number " + Quoted.of(text);
        case STRING -> "the word " + Quoted.of(text);
      };
    }
  }

  /** What a scalar is. */
  enum ScalarType {
    NULL,
    BOOLEAN,
    NUMBER,
    STRING
  }

  /** A list. */
  record Sequence(Position at, List<YamlNode> items) implements YamlNode {
    @Override
    public String what() {
      return "a list";
    }
  }

  /** A mapping; its keys are distinct. */
  record Mapping(Position at, List<Pair> entries) implements YamlNode {
    @Override
    public String what() {
      return "a mapping";
    }
  }

  /** What has been reported already and says nothing more, such as an alias. */
  record Refused(Position at) implements YamlNode {
    @Override
    public String what() {
      return "something that was refused";
    }
  }

  /**
   * A key and its value.
   *
   * @param at where the key is
   */
  record Pair(Position at, String key, YamlNode value) {}
}
