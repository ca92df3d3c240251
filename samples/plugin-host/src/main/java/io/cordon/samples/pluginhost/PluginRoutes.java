package io.cordon.samples.pluginhost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cordon.policy.PolicyException;
import io.cordon.sandbox.Outcome;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** What the application answers over HTTP. */
final class PluginRoutes {
  /** The most that a request may hold. */
  static final int MAX_INPUT_BYTES = 4 << 20;

  private static final Logger LOGGER = System.getLogger(PluginRoutes.class.getName());

  private final TenantPlugins plugins;
  private final ObjectMapper json;

  PluginRoutes(TenantPlugins plugins, ObjectMapper json) {
    this.plugins = plugins;
    this.json = json;
  }

  void addTo(RoutesConfig routes) {
    routes.post("/tenants/{tenant}/plugins/{plugin}", this::run);
    routes.get("/tenants/{tenant}/usage", this::usage);
    routes.exception(
        NotInstalledException.class,
        (e, context) -> problem(context, Problem.of(404, "Not found", message(e))));
    routes.exception(PolicyException.class, this::brokenPolicy);
    routes.exception(HttpResponseException.class, this::refusedRequest);
    routes.exception(Exception.class, this::unexpected);
  }

  private void run(Context context) throws IOException {
    PluginId id = new PluginId(context.pathParam("tenant"), context.pathParam("plugin"));
    Outcome<?> outcome = plugins.run(id, body(context));
    if (outcome instanceof Outcome.Succeeded<?> succeeded) {
      respond(context, 200, new PluginResult(TaskSummary.of(id, outcome), succeeded.value()));
    } else {
      problem(context, Problem.of(id, outcome));
    }
  }

  private void usage(Context context) {
    respond(context, 200, plugins.usage(context.pathParam("tenant")));
  }

  /** The body; counted, for a request need not say how long it is, or say so truly. */
  private static byte[] body(Context context) throws IOException {
    byte[] body = context.req().getInputStream().readNBytes(MAX_INPUT_BYTES + 1);
    if (body.length > MAX_INPUT_BYTES) {
      throw new HttpResponseException(413, "an input has at most " + MAX_INPUT_BYTES + " bytes");
    }
    return body;
  }

  private void refusedRequest(HttpResponseException e, Context context) {
    String title = HttpStatus.forStatus(e.getStatus()).getMessage();
    problem(context, Problem.of(e.getStatus(), title, message(e)));
  }

  private void brokenPolicy(PolicyException e, Context context) {
    // The problems name files of the host: they are for whoever runs it, not for the caller.
    LOGGER.log(Level.ERROR, "a policy can't be used: " + e.getMessage());
    problem(context, Problem.of(503, "Policy unusable", "the tenant's policy can't be used"));
  }

  private void unexpected(Exception e, Context context) {
    LOGGER.log(Level.ERROR, "a request failed", e);
    problem(context, Problem.of(500, "Internal error", "the application failed"));
  }

  private void problem(Context context, Problem problem) {
    if (problem.status() == 429) {
      context.header("Retry-After", "1");
    }
    respond(context, problem.status(), problem);
    context.contentType("application/problem+json");
  }

  private void respond(Context context, int status, Object body) {
    try {
      context
          .status(status)
          .contentType("application/json")
          .header("X-Content-Type-Options", "nosniff")
          .result(json.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a response is not JSON: " + body.getClass(), e);
    }
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? "" : message;
  }
}
