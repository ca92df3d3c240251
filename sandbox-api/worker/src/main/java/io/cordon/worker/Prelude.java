package io.cordon.worker;

/** What runs in a script's context before the script does. */
final class Prelude {
  private Prelude() {}

  /**
   * Evaluates to a function of the longest text that may come out, which returns two functions: one
   * that binds global names from a JSON text, and one that makes JSON text of the script's value.
   * They hold what they use, because a script may replace any of it.
   *
   * <p>{@code JSON.stringify} makes null or nothing of what it can't write; here that is an error,
   * since nobody would find it later.
   */
  static final String JAVASCRIPT =
      """
      (function (longest) {
        'use strict';
        const { parse, stringify } = JSON;
        const { defineProperty, keys } = Object;
        const Failure = TypeError, TooLarge = RangeError;
        const opaque = [Promise, Map, Set, WeakMap, WeakSet, WeakRef, RegExp, ArrayBuffer];
        const names = ['Promise', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'RegExp', 'ArrayBuffer'];

        function refuse(key, what) {
          throw new Failure('the result is no plain data: ' + what + (key === '' ? '' : ' at "' + key + '"'));
        }

        function checked(key, value) {
          switch (typeof value) {
            case 'number':
              if (value !== value || value === 1 / 0 || value === -1 / 0) refuse(key, value);
              break;
            case 'function':
            case 'symbol':
            case 'bigint':
              refuse(key, 'a ' + typeof value);
              break;
            case 'object':
              if (value !== null) {
                for (let i = 0; i < 8; i++) {
                  if (value instanceof opaque[i]) refuse(key, 'a ' + names[i]);
                }
              }
          }
          return value;
        }

        return {
          bind(text) {
            const values = parse(text);
            const names = keys(values);
            for (let i = 0; i < names.length; i++) {
              defineProperty(globalThis, names[i],
                { __proto__: null, value: values[names[i]], writable: true, enumerable: true, configurable: true });
            }
          },
          render(value) {
            const text = stringify(value, checked);
            if (text === undefined) return 'null';
            if (text.length > longest) {
              throw new TooLarge('the result has ' + text.length + ' characters; ' + longest + ' may come out');
            }
            return text;
          }
        };
      })
      """;
}
