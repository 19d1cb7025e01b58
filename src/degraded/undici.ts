import type * as Undici from 'undici';

type Library = typeof Undici;

let loaded: Library | undefined;

/**
 * Loads the library that ladders send and keep with; undefined when it is here already. An edge without ladders does not need it, and
 * each of its threads would hold MiB of it and take a fifth longer to start.
 */
export function loadUndici(): Promise<void> | undefined {
  return loaded === undefined ? load() : undefined;
}

/** The library. Throws when nobody has loaded it: whoever makes ladders does. */
export function undici(): Library {
  if (loaded === undefined) throw new Error('undici is not loaded');
  return loaded;
}

async function load(): Promise<void> {
  loaded = await import('undici');
}
