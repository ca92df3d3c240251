/** A tenant's plugin around commonmark-java. */
@NullMarked
package com.example.markdown;

import org.jspecify.annotations.NullMarked;
