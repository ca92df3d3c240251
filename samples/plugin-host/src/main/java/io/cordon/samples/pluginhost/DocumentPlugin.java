package io.cordon.samples.pluginhost;

import io.cordon.sandbox.Command;
import io.cordon.sandbox.Exit;
import io.cordon.sandbox.Outcome;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.Tenant;

/** A program that reads a document, the request's body, and writes text to its standard output. */
record DocumentPlugin(Command program, String documentName) implements TenantPlugin {

  @Override
  public Outcome<?> run(Tenant tenant, byte[] input) {
    Outcome<Exit> outcome = tenant.submit(program.input(documentName, input)).outcome();
    return outcome instanceof Outcome.Succeeded<Exit>(Exit exit, TaskReport report)
        ? new Outcome.Succeeded<>(exit.stdoutText(), report)
        : outcome;
  }
}
