package io.cordon.samples.pluginhost;

/** Which plugin of which tenant. */
record PluginId(String tenant, String plugin) {}
