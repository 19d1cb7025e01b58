import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  Discovery,
  FAILURE_REPORT_MS,
  RESOLVES_MAX,
  RETRY_MAX_MS,
  TTL_MAX_MS,
} from '../../../src/discovery/discovery.ts';
import { type Answer, openDns, type Part, type Question } from '../../../src/discovery/dns.ts';
import type { AddressBook } from '../../../src/table/addresses.ts';
import { systemClock, systemRandom, systemSleep } from '../../../src/table/system-clock.ts';
import { DnsServer } from '../../support/dns-server.ts';
import { endpointOf, serviceOf, topologyOf } from './topology.ts';
import { VirtualTime } from './virtual-time.ts';

let time: VirtualTime;
let books: AddressBook[];
let asked: Question[];
let discovery: Discovery;
/** What each host is answered with; an Error is a refusal, and a host without an answer hangs. */
let answers: Map<string, Answer | Error>;

beforeEach(() => {
  time = new VirtualTime([0]);
  books = [];
  asked = [];
  answers = new Map();
  discovery = new Discovery({
    ...time.deps,
    onChange: (book) => books.push(book),
    ask: (question) => {
      asked.push(question);
      const answer = answers.get(question.host);
      if (answer === undefined) return new Promise(() => {});
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
  discovery.start();
});

afterEach(() => discovery.close());

function good(hosts: readonly string[], ttlMs = 30_000): Answer {
  return { parts: [part('A', hosts)], ttlMs };
}

function part(name: string, hosts: readonly string[], error?: string): Part {
  const addresses = hosts.map((host) => ({ host, port: undefined }));
  return error === undefined ? { name, addresses } : { name, addresses, error };
}

function refusal(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const shop = topologyOf(serviceOf([endpointOf('shop.test', { port: 8080 })]));
const SHOP = 'shop/aws/us-east-1/shop.test:8080';

test('hosts that are addresses are left out, and hosts that endpoints share are asked for once', async () => {
  answers.set('shop.test', good(['10.0.0.1', '10.0.0.2']));
  discovery.update(
    topologyOf(
      serviceOf([
        endpointOf('127.0.0.1'),
        endpointOf('::1'),
        endpointOf('[::1]'),
        endpointOf('shop.test', { port: 81 }),
      ]),
      serviceOf([endpointOf('shop.test', { port: 82, service: 'api' })], {}, 'api'),
    ),
  );
  await time.pass(100);
  expect(asked).toEqual([{ host: 'shop.test', resolve: 'auto' }]);
  expect(books).toEqual([
    {
      'shop/aws/us-east-1/shop.test:81': [
        { host: '10.0.0.1', port: 81 },
        { host: '10.0.0.2', port: 81 },
      ],
      'api/aws/us-east-1/shop.test:82': [
        { host: '10.0.0.1', port: 82 },
        { host: '10.0.0.2', port: 82 },
      ],
    },
  ]);
});

test('the port of SRV goes before the one in the file', async () => {
  const target: Part = { name: 'a.test:7001 A', addresses: [{ host: '10.0.0.1', port: 7001 }] };
  answers.set('_http._tcp.test', { parts: [target], ttlMs: 1000 });
  discovery.update(topologyOf(serviceOf([endpointOf('_http._tcp.test', { resolve: 'srv' })])));
  await time.pass(100);
  expect(Object.values(books[0] as AddressBook)).toEqual([[{ host: '10.0.0.1', port: 7001 }]]);
  expect(time.events).toEqual([{ type: 'addresses-changed', host: '_http._tcp.test', addresses: ['10.0.0.1:7001'] }]);
});

test.each([
  ['a TTL of 20 s is honoured', 20_000, 20_000],
  ['a TTL of nothing is a second', 0, 1000],
  ['a TTL of a day is five minutes', 86_400_000, TTL_MAX_MS],
])('%s', async (_, ttlMs, periodMs) => {
  answers.set('shop.test', good(['10.0.0.1'], ttlMs));
  discovery.update(shop);
  await time.pass(periodMs * 0.9);
  expect(asked).toHaveLength(1);
  await time.pass(periodMs * 0.2 + 1100);
  expect(asked.length).toBeGreaterThan(1);
});

test('the same answer again publishes nothing; another one publishes once and says so', async () => {
  answers.set('shop.test', good(['10.0.0.1'], 1000));
  discovery.update(shop);
  await time.pass(10_000);
  expect(asked.length).toBeGreaterThan(4);
  expect(books).toHaveLength(1);
  answers.set('shop.test', good(['10.0.0.9'], 1000));
  await time.pass(10_000);
  expect(books.map((book) => book[SHOP])).toEqual([
    [{ host: '10.0.0.1', port: 8080 }],
    [{ host: '10.0.0.9', port: 8080 }],
  ]);
  expect(time.events.map(({ type }) => type)).toEqual(['addresses-changed', 'addresses-changed']);
});

test('a failure keeps the last good answer for ever and is reported again as long as it lasts; and so is its end', async () => {
  answers.set('shop.test', good(['10.0.0.1'], 1000));
  discovery.update(shop);
  await time.pass(100);
  answers.set('shop.test', refusal('ESERVFAIL'));
  await time.pass(FAILURE_REPORT_MS * 0.9);
  expect(books).toHaveLength(1);
  const failed = { type: 'resolve-failed', host: 'shop.test', error: 'ESERVFAIL', keptLastGood: true };
  expect(time.events.slice(1)).toEqual([failed]);
  await time.pass(FAILURE_REPORT_MS * 2);
  expect(time.events.slice(1)).toEqual([failed, failed, failed]);
  answers.set('shop.test', good(['10.0.0.1'], 1000));
  await time.pass(RETRY_MAX_MS + 2000);
  answers.set('shop.test', refusal('ETIMEOUT'));
  await time.pass(5000);
  const recovered = { type: 'resolve-recovered', host: 'shop.test' };
  expect(time.events.slice(4)).toEqual([recovered, { ...failed, error: 'ETIMEOUT' }]);
  expect(books).toHaveLength(1);
});

test('a name that never was good is reported as such, and asked again after 1, 2, 4 … 30 s', async () => {
  answers.set('shop.test', refusal('ENOTFOUND'));
  const times: number[] = [];
  const { push } = asked;
  asked.push = (question) => {
    times.push(time.nowMs);
    return push.call(asked, question);
  };
  discovery.update(shop);
  await time.pass(100_000);
  const waits = times.slice(1).map((at, i) => Math.round((at - (times[i] as number)) / 1000));
  expect(waits.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 30, 30]);
  expect(time.events).toEqual([{ type: 'resolve-failed', host: 'shop.test', error: 'ENOTFOUND', keptLastGood: false }]);
  expect(books).toEqual([]);
});

test('of an answer in parts, each part that was answered is taken, and what failed keeps what it had', async () => {
  const answered = (a: Part, aaaa: Part): void => {
    answers.set('shop.test', { parts: [a, aaaa], ttlMs: 1000 });
  };
  const now = () => books.at(-1)?.[SHOP]?.map(({ host }) => host);
  answered(part('A', [], 'ESERVFAIL'), part('AAAA', ['fd00::1']));
  discovery.update(shop);
  await time.pass(100);
  expect(now()).toEqual(['fd00::1']);
  answered(part('A', ['10.0.0.1']), part('AAAA', ['fd00::1']));
  await time.pass(3000);
  expect(now()).toEqual(['10.0.0.1', 'fd00::1']);
  answered(part('A', ['10.0.0.2']), part('AAAA', [], 'ESERVFAIL'));
  await time.pass(3000);
  expect(now()).toEqual(['10.0.0.2', 'fd00::1']);
  answered(part('A', ['10.0.0.3']), part('AAAA', [], 'ESERVFAIL'));
  await time.pass(FAILURE_REPORT_MS * 2.2);
  expect(now()).toEqual(['10.0.0.3', 'fd00::1']);
  const error = 'only part of an answer: AAAA ESERVFAIL';
  const told = time.events.filter(({ type }) => type === 'resolve-failed').slice(1);
  const failed = { type: 'resolve-failed', host: 'shop.test', error, keptLastGood: true };
  expect(told).toEqual([failed, failed, failed]);
  answered(part('A', ['10.0.0.3']), part('AAAA', []));
  await time.pass(RETRY_MAX_MS + 2000);
  expect(now()).toEqual(['10.0.0.3']);
  expect(time.events.at(-1)).toMatchObject({ type: 'addresses-changed' });
  expect(time.events.at(-2)).toEqual({ type: 'resolve-recovered', host: 'shop.test' });
});

test('a question that is never answered counts as failed and is asked again', async () => {
  discovery.update(shop);
  await time.pass(14_000);
  expect(time.events).toEqual([]);
  await time.pass(5000);
  expect(time.events).toMatchObject([{ type: 'resolve-failed', error: 'no answer within 15000 ms' }]);
  expect(asked.length).toBe(2);
});

test('an answered question leaves no timer behind', async () => {
  answers.set('shop.test', good(['10.0.0.1'], 1000));
  discovery.update(shop);
  await time.pass(10_000);
  // Only the loop itself waits.
  expect(time.sleepers).toBe(1);
});

test('no more than so many questions are open at a time', async () => {
  const hosts = Array.from({ length: RESOLVES_MAX + 8 }, (_, i) => `host-${i}.test`);
  discovery.update(topologyOf(serviceOf(hosts.map((host) => endpointOf(host)))));
  await time.pass(5000);
  expect(asked).toHaveLength(RESOLVES_MAX);
  await time.pass(11_000);
  expect(new Set(asked.map(({ host }) => host)).size).toBe(hosts.length);
});

test('a reload keeps the answers of hosts that stay, asks for new ones at once, and drops those that went', async () => {
  answers.set('shop.test', good(['10.0.0.1'], 300_000));
  answers.set('new.test', good(['10.0.0.2'], 300_000));
  discovery.update(shop);
  await time.pass(100);
  discovery.update(topologyOf(serviceOf([endpointOf('shop.test', { port: 8080 }), endpointOf('new.test')])));
  await time.pass(30);
  expect(asked.map(({ host }) => host)).toEqual(['shop.test', 'new.test']);
  expect(Object.keys(books.at(-1) as AddressBook)).toEqual([SHOP, 'shop/aws/us-east-1/new.test:80']);
  discovery.update(topologyOf(serviceOf([endpointOf('new.test')])));
  await time.pass(600_000);
  expect(Object.keys(books.at(-1) as AddressBook)).toEqual(['shop/aws/us-east-1/new.test:80']);
  expect(asked.filter(({ host }) => host === 'shop.test')).toHaveLength(1);
});

test('after closing nothing is asked, emitted or published', async () => {
  answers.set('shop.test', good(['10.0.0.1'], 1000));
  discovery.update(shop);
  await discovery.close();
  const before = asked.length;
  await time.pass(60_000);
  expect([asked.length, books.length, time.events.length]).toEqual([before, 0, 0]);
});

test('with a real name server: a change of records reaches the book within a TTL', async () => {
  const server = await DnsServer.start();
  const dns = openDns({ servers: [server.address], timeoutMs: 500, tries: 1 });
  const real = new Discovery({
    clock: systemClock(0),
    sleep: systemSleep,
    random: systemRandom,
    signal: time.stop.signal,
    emit: () => {},
    ask: dns.ask,
    onChange: (book) => books.push(book),
  });
  try {
    server.zone.set('A shop.test', [{ type: 'A', address: '127.0.0.1', ttl: 1 }]);
    real.start();
    real.update(shop);
    await expect.poll(() => books.at(-1)?.[SHOP], { timeout: 5000 }).toEqual([{ host: '127.0.0.1', port: 8080 }]);
    server.zone.set('A shop.test', [{ type: 'A', address: '127.0.0.2', ttl: 1 }]);
    await expect.poll(() => books.at(-1)?.[SHOP], { timeout: 5000 }).toEqual([{ host: '127.0.0.2', port: 8080 }]);
  } finally {
    await real.close();
    dns.close();
    await server.stop();
  }
});

test('the age of a service is that of the name that was answered for in whole the longest ago', async () => {
  const b = endpointOf('b.test', { service: 'api' });
  discovery.update(topologyOf(serviceOf([endpointOf('a.test'), endpointOf('b.test')]), serviceOf([b], {}, 'api')));
  answers.set('a.test', good(['10.0.0.1'], 300_000));
  await time.pass(10_000);
  const [age] = [...discovery.agesMs().values()];
  expect([...discovery.agesMs().keys()]).toEqual(['shop']);
  expect(age).toBeGreaterThan(9000);
  expect(age).toBeLessThanOrEqual(10_000);
});
