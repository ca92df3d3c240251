/**
 * The strategy {@code vm}.
 *
 * <p>A guest is booted once for a tenant, a root image and a size, saved, and cloned for each cell.
 * What was saved is kept on the disk: a copy of it is resumed by the next JVM if it is the same to
 * the byte, and was made by the same QEMU, kernel, image and plans, for the same tenant. Who may
 * write to that directory, which is this JVM's user alone, could put anything there.
 *
 * <p>Clones of one template begin with the same memory. Each is renewed before anything else in it
 * runs: the kernel's random numbers are seeded anew, the clock is set, the guest is named; its boot
 * id is drawn when it is first read. What draws from the kernel when it is used, differs: {@code
 * SecureRandom} and {@code UUID.randomUUID}, also where they were in use before.
 *
 * <p>What a resident Java program was seeded with before the guest was saved can't be renewed, and
 * all clones of a template have it: the order of {@code Set.of} and {@code Map.of}, identity hash
 * codes, {@code ThreadLocalRandom}, and each {@code java.util.Random} that exists by then. None of
 * these may serve as a secret; nor does Java promise that of any of them.
 */
@org.jspecify.annotations.NullMarked
package io.cordon.vm;
