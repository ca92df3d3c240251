package io.cordon.samples.pluginhost;

import java.util.Map;

/** What a tenant has used: altogether, and by plugin. */
record TenantUsage(String tenant, RunningTotal total, Map<String, RunningTotal> plugins) {}
