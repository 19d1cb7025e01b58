import { createHash, randomUUID } from 'node:crypto';
import type { FleetRegion, FleetSettings } from '../config/topology-fleet.ts';
import type { LoopDeps } from '../table/loop.ts';
import { clientsOf } from './client-text.ts';
import type { AlertClaim, Claimed } from './fleet.ts';
import { redisErrorText } from './redis-error-text.ts';
import { type RedisClient, RedisLink, SILENT_MS } from './redis-link.ts';
import { argumentsOf, type Given, type Script } from './redis-script.ts';
import { CLAIM, type FleetKeys, FORGET, keysBehind, POLL, PUBLISH, SWAP, TELL } from './redis-scripts.ts';
import type { Heard, Poll, Polled, Publish, RegionStore, Swap, Swapped, Tell, TellReply } from './region-store.ts';
import type { Acceptor } from './strong/acceptor.ts';
import { redisAcceptor } from './strong/redis-acceptor.ts';

export type RedisStoreDeps = Pick<LoopDeps, 'clock' | 'sleep' | 'random'> & {
  readonly region: FleetRegion;
  readonly ca: string | undefined;
  readonly settings: FleetSettings;
};

/** One region's Redis or Valkey server (6.2 or later): one connection for commands, and one for the channel while it is listened to. */
export class RedisStore implements RegionStore {
  readonly #deps: RedisStoreDeps;
  readonly #keys: FleetKeys;
  readonly #limitMs: number;
  readonly #commands: RedisLink;
  /** The server's own name for its run, by connection: a new one may have other data. */
  readonly #runs = new WeakMap<RedisClient, string>();
  #channel: RedisLink | undefined;
  #closed = false;
  #heard: Heard = { change: () => {}, moved: () => {} };

  constructor(deps: RedisStoreDeps) {
    this.#deps = deps;
    const { settings, region, ca, clock, sleep, random } = deps;
    this.#keys = keysBehind(settings.prefix);
    this.#limitMs = region.name === settings.region ? Math.max(settings.commandMs, SILENT_MS) : settings.replicateMs;
    this.#commands = new RedisLink({
      url: region.url,
      ca,
      clock,
      sleep,
      random,
      prepare: async (client) => {
        this.#runs.set(client, await runOf(client));
      },
      moved: () => {
        // Whatever broke the one connection may have broken the other, and that one would not show it.
        if (this.#commands.isConnected()) this.#channel?.renew();
        this.#heard.moved();
      },
    });
  }

  readonly start = (heard: Heard): void => {
    this.#heard = heard;
    this.#commands.start();
  };

  readonly close = async (): Promise<void> => {
    this.#closed = true;
    await Promise.all([this.#commands.close(), this.#channel?.close()]);
  };

  readonly isConnected = (): boolean => this.#commands.isConnected();

  readonly acceptor: Acceptor = redisAcceptor(
    (script, given, limitMs) =>
      this.#commands.call((client) => this.#eval(client, script, given(this.#runs.get(client) ?? '')), limitMs),
    this.isConnected,
  );

  readonly trouble = (): string => this.#commands.trouble;

  readonly listen = (on: boolean): void => {
    if (this.#closed || on === (this.#channel !== undefined)) return;
    if (!on) {
      void this.#channel?.close();
      this.#channel = undefined;
      return;
    }
    const { region, ca, clock, sleep, random } = this.#deps;
    const channel = this.#keys.changed;
    this.#channel = new RedisLink({
      url: region.url,
      ca,
      clock,
      sleep,
      random,
      prepare: (client) => client.subscribe(channel, (message: Buffer) => this.#change(message), true),
      // What was announced before it listened is read.
      moved: () => this.#heard.moved(),
    });
    this.#channel.start();
  };

  readonly poll = (ask: Poll): Promise<Polled> =>
    this.#commands.call(async (client) => {
      const run = this.#runs.get(client) ?? '';
      const known = ask.life.startsWith(`${run}/`) ? ask.life.slice(run.length + 1) : UNKNOWN_EPOCH;
      const { edge, ms } = ask.lease ?? { edge: '', ms: 0 };
      const args = { known, place: ask.after, most: ask.changesMax, asker: edge, lease_ms: ms };
      const reply = await this.#eval(client, POLL, { args, lists: {} });
      const [epoch, after, more, keeper, refused = '', ...changes] = reply;
      return {
        life: `${run}/${epoch}`,
        after: Number(after),
        more: more === '1',
        keeper: keeper ?? '',
        refused: refused === '' ? '' : redisErrorText(new Error(refused), this.#deps.region.url),
        changes: pairs(changes),
      };
    }, this.#limitMs);

  readonly swap = (swaps: readonly Swap[], limitMs: number): Promise<readonly Swapped[]> =>
    this.#commands.call(async (client) => {
      const reply = await this.#eval(client, SWAP, { args: { epoch: randomUUID() }, lists: { records: swaps } });
      return reply.map((answer) => (answer === '+' ? true : { text: answer === '-' ? undefined : answer.slice(1) }));
    }, limitMs);

  readonly forget = (key: string, was: string, limitMs: number): Promise<boolean> =>
    this.#commands.call(async (client) => {
      const [done] = await this.#eval(client, FORGET, { args: { key, was }, lists: {} });
      return done === '1';
    }, limitMs);

  readonly tell = ({ edge, text, names, known }: Tell): Promise<TellReply> =>
    this.#commands.call(async (client) => {
      const args = { edge, report: text, hash: names.hash, text: names.text ?? '' };
      const there = Object.entries(known).map(([region, number]) => ({ region, number }));
      const [wants, counted, ...digests] = await this.#eval(client, TELL, { args, lists: { digests: there } });
      return { wantsNames: wants === '1', counted: counted ?? '', digests: pairs(digests) };
    }, this.#limitMs);

  readonly gather = (): Promise<readonly (readonly [edge: string, text: string])[]> =>
    this.#commands.call(async (client) => Object.entries(await client.hGetAll(this.#keys.reports)), this.#limitMs);

  readonly names = (hashes: readonly string[]): Promise<readonly (string | undefined)[]> =>
    this.#commands.call(async (client) => {
      const found = hashes.length === 0 ? [] : await client.mGet(hashes.map((hash) => this.#keys.name + hash));
      return found.map((text) => text ?? undefined);
    }, this.#limitMs);

  readonly publish = (publish: Publish): Promise<readonly string[]> =>
    this.#commands.call((client) => this.#eval(client, PUBLISH, given(publish)), this.#limitMs);

  readonly claim = (
    edge: string,
    claims: readonly AlertClaim[],
    there: readonly string[],
  ): Promise<readonly Claimed[]> =>
    this.#commands.call(async (client) => {
      const alerts = claims.map(({ key, want, notified, freshMs }) => ({
        alert: createHash('sha256').update(key).digest('base64url'),
        want,
        notified: notified ? '1' : '',
        fresh_ms: freshMs,
      }));
      const present = there.map((other) => ({ other }));
      const reply = await this.#eval(client, CLAIM, { args: { edge }, lists: { present, alerts } });
      return pairs(reply).map(([holder, notified]) => ({ holder, notified: notified === '1' }));
    }, this.#limitMs);

  /** Runs a script, which is sent whole only to a server that does not know it. */
  async #eval<A extends string, L extends Readonly<Record<string, readonly string[]>>>(
    client: RedisClient,
    script: Script<A, L>,
    given: Given<A, L>,
  ): Promise<readonly string[]> {
    const keys = Object.values(this.#keys);
    const rest = [String(keys.length), ...keys, ...argumentsOf(script.shape, given)];
    const reply = await client.sendCommand(['EVALSHA', script.sha, ...rest]).catch((error: unknown) => {
      if (!String(error).includes('NOSCRIPT')) throw error;
      return client.sendCommand(['EVAL', script.text, ...rest]);
    });
    if (!Array.isArray(reply)) throw new TypeError('Unexpected answer of a script');
    return reply.map(String);
  }

  /** `seq bytes-of-key key text` */
  #change(message: Buffer): void {
    const [first, second] = [message.indexOf(' '), message.indexOf(' ', message.indexOf(' ') + 1)];
    const [seq, bytes] = [Number(message.subarray(0, first)), Number(message.subarray(first + 1, second))];
    if (second < 0 || !Number.isSafeInteger(seq) || !Number.isSafeInteger(bytes)) return;
    const [start, end] = [second + 1, second + 1 + bytes];
    this.#heard.change(seq, message.toString('utf8', start, end), message.toString('utf8', end));
  }
}

/** No epoch is called that. */
const UNKNOWN_EPOCH = '?';

/** Where it may not be asked, every connection is a new run: more is read than needed, and nothing missed. */
async function runOf(client: RedisClient): Promise<string> {
  try {
    const info = await client.info('server');
    return /run_id:(\w+)/.exec(info)?.[1] ?? randomUUID();
  } catch (error) {
    if (!String(error).includes('NOPERM')) throw error;
    return randomUUID();
  }
}

function given({ region, number, text, clients, names, counted, forget }: Publish) {
  return {
    args: { region, number, text, clients, clients_at: clientsOf(region) },
    lists: {
      names: names.map(({ hash, text: nameText }) => ({ hash, name_text: nameText ?? '' })),
      forget: forget.map((silent) => ({ silent })),
      counted: Object.entries(counted ?? {}).map(([edge, report]) => ({ edge, report })),
    },
  };
}

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return flat.flatMap((one, at) => (at % 2 === 0 ? [[one, flat[at + 1] ?? ''] as const] : []));
}
