import type * as Undici from 'undici';

/** What is used of it. The rest, the web's own way to ask above all, would be more than half of what loading it takes. */
type Library = Pick<typeof Undici, 'Client' | 'Pool'> & Readonly<Record<'cache', typeof Undici.interceptors.cache>>;

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
  loaded = await parts();
}

async function parts(): Promise<Library> {
  const [client, pool, cache] = await Promise.all([
    import('undici/lib/dispatcher/client.js'),
    import('undici/lib/dispatcher/pool.js'),
    import('undici/lib/interceptor/cache.js'),
  ]);
  return { Client: client.default, Pool: pool.default, cache: cache.default };
}
