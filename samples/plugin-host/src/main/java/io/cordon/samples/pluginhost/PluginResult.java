package io.cordon.samples.pluginhost;

/**
 * The response to a task that succeeded.
 *
 * @param result what the plugin made. It is a JSON value even where it is HTML: served as a page,
 *     it could script the application's own
 */
record PluginResult(TaskSummary task, Object result) {}
