import { onTestFinished } from 'vitest';
import { type RedisOptions, RedisServer } from '../../bench/rig/redis.ts';

/** A server that ends with the test. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const server = await RedisServer.start(options);
  onTestFinished(() => server.end());
  return server;
}
