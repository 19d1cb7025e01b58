import { expect, test } from 'vitest';
import { redisErrorText } from '../../../src/fleet/redis-error-text.ts';

const URL_WITH_SECRET = 'rediss://edge:s%40cret@redis.example:6380';

test.each([
  ['WRONGPASS invalid username-password pair or user is disabled.', 'it refuses the user or password'],
  ['NOAUTH HELLO must be called with the client already authenticated', 'it refuses the user or password'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'it is full (maxmemory): it keeps nothing new'],
  ["READONLY You can't write against a read only replica.", 'it is a read-only replica'],
  ['NOREPLICAS Not enough good replicas to write.', 'it has too few replicas and refuses to write'],
  [
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'it is a replica that has lost its primary',
  ],
  ['CLUSTERDOWN Hash slot not served', 'it is a cluster, which cannot be used, or one that is down'],
  ['BUSY Redis is busy running a script.', 'it is busy with a script'],
  ['LOADING Redis is loading the dataset in memory', 'it is still loading its data'],
  [
    "ERR The user executing the script can't run this command or subcommand",
    'the user lacks a permission: it needs reading, writing, scripts and channels behind the prefix',
  ],
  ['connect ECONNREFUSED 127.0.0.1:1', 'it refuses the connection'],
  ['Socket closed unexpectedly', 'it closed the connection'],
  ['Connection timeout', 'it does not answer'],
  ['Unknown RESP type 72 "H"', 'it does not speak the Redis protocol'],
  ['self-signed certificate', 'self-signed certificate'],
])('%s: %s', (message, words) => {
  expect(redisErrorText(new Error(message), URL_WITH_SECRET)).toBe(words);
});

test('no user and no password, whatever quotes them and however', () => {
  const quoting = ['cannot use rediss://edge:s%40cret@redis.example:6380', 'user edge with s@cret', 'AUTH s%40cret'];
  for (const message of quoting) {
    const words = redisErrorText(new Error(message), URL_WITH_SECRET);
    expect(words).not.toMatch(/s@cret|s%40cret|edge/);
  }
});
