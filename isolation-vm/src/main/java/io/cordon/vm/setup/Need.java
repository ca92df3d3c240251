package io.cordon.vm.setup;

/**
 * One of the things that micro-VMs need. Immutable.
 *
 * @param name what it is, in a word or two
 * @param met whether it is there
 * @param detail which one there is; or why there is none, and what to do about it
 */
public record Need(String name, boolean met, String detail) {}
