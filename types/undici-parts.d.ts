/*
 * The library's types are there for it as a whole alone. These are its parts that are loaded by themselves (health/undici.ts,
 * degraded/undici.ts).
 */
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici';

  export default Client;
}
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';

  export default Pool;
}
declare module 'undici/lib/interceptor/cache.js' {
  import type { interceptors } from 'undici';

  const cache: typeof interceptors.cache;
  export default cache;
}
