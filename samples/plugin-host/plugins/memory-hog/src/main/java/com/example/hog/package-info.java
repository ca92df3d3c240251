/** A tenant's plugin that never has enough. */
@NullMarked
package com.example.hog;

import org.jspecify.annotations.NullMarked;
