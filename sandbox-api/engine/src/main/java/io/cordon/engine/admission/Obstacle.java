package io.cordon.engine.admission;

/** What keeps a task from beginning. */
enum Obstacle {
  TENANT_BUSY,
  BUDGET_USED,
  RATE_REACHED,
  HOST_BUSY
}
