package io.cordon.vm;

import io.cordon.sandbox.spi.CellSpec;
import io.cordon.vm.guest.Guest;
import io.cordon.vm.image.ProgramImage;
import io.cordon.vm.qemu.Hardware;
import io.cordon.vm.qemu.TemplateKey;

/**
 * All that a template is made by. Immutable.
 *
 * @param spec a cell that is to be cloned from it
 * @param image the cell's program
 * @param guest what is booted
 * @param hardware on what
 * @param key all of that, as one digest
 */
record Blueprint(
    CellSpec spec, ProgramImage image, Guest guest, Hardware hardware, TemplateKey key) {}
