package io.cordon.engine.admission;

import io.cordon.sandbox.ErrorCode;

/**
 * Why a task may not begin.
 *
 * @param code the stable name of the reason
 * @param reason the limit, its value, and what to do about it
 */
public record Refusal(ErrorCode code, String reason) {}
