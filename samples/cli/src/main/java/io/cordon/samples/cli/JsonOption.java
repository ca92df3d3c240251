package io.cordon.samples.cli;

import picocli.CommandLine.Option;

/** The option that asks for one JSON object. */
final class JsonOption {
  static final String NAME = "--json";

  @Option(names = NAME, description = "Print one JSON object on standard output, and nothing else.")
  boolean json;

  /** Who tells what happens. */
  Reporter reporter(Stdio stdio) {
    return reporter(stdio, json);
  }

  /** Who tells what happens, in JSON or in words. */
  static Reporter reporter(Stdio stdio, boolean json) {
    return json ? new JsonReporter(stdio.out()) : new TextReporter(stdio);
  }
}
