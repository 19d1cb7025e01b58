import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { httpsExchange } from '../../../src/acme/exchange.ts';
import { issuedOf } from '../../../src/acme/issued.ts';
import { Issuer, type IssuerDeps } from '../../../src/acme/issuer.ts';
import type { Proof } from '../../../src/acme/order.ts';
import { partsOf } from '../../../src/acme/pem-parts.ts';
import { type AcmeSettings, authorityFolder, certificateFile } from '../../../src/config/topology-acme.ts';
import type { Event } from '../../../src/table/event.ts';
import { type Lies, type LyingAuthority, lyingAuthority } from '../../support/lying-authority.ts';
import { scratch } from '../../support/scratch.ts';
import { issue } from '../../support/x509.ts';
import { obtainedOf } from './settings.ts';

const DAY = 86_400_000;
const LIMIT_MS = 400;

type Stage = {
  readonly issuer: Issuer;
  readonly settings: AcmeSettings;
  readonly events: Event[];
  readonly proofs: Proof[];
  readonly authority: LyingAuthority;
  /** Lets so much time pass. */
  readonly pass: (ms: number) => void;
  readonly issued: () => ReturnType<typeof issuedOf> | undefined;
  /** Another life of the same edge. */
  readonly again: () => Stage;
};

/** An issuer before an authority that lies. Its waits take no time, but time passes by them. */
async function staged(lies: Lies = {}, more: Partial<AcmeSettings> = {}): Promise<Stage> {
  const authority = await lyingAuthority();
  authority.lies = lies;
  const settings = obtainedOf({ directory: authority.directory, folder: scratch().path, ...more });
  return lived(authority, settings, { nowMs: 0 });
}

function lived(authority: LyingAuthority, settings: AcmeSettings, time: { nowMs: number }): Stage {
  const events: Event[] = [];
  const proofs: Proof[] = [];
  const bornMs = Date.now();
  const deps: IssuerDeps = {
    clock: { nowMs: () => time.nowMs },
    wallMs: () => bornMs + time.nowMs,
    random: () => 0.5,
    emit: (event) => void events.push(event),
    signal: new AbortController().signal,
    sleep: async (ms) => void (time.nowMs += ms),
    wanted: () => [settings],
    exchange: async () =>
      httpsExchange({ ca: authority.ca, signal: new AbortController().signal, userAgent: 'test', limitMs: LIMIT_MS }),
    prove: async (proof) => {
      proofs.push(proof);
      return () => void proofs.push({ ...proof, token: '' });
    },
    sharing: undefined,
  };
  const file = certificateFile(settings, 'a.example.com');
  return {
    issuer: new Issuer(deps),
    settings,
    events,
    proofs,
    authority,
    pass: (ms) => void (time.nowMs += ms),
    issued: () => {
      const text = readdirSync(authorityFolder(settings)).includes('a.example.com.ecdsa.pem')
        ? readFileSync(file, 'utf8')
        : '';
      const parts = partsOf(text);
      return parts && issuedOf('a.example.com', parts, bornMs + time.nowMs);
    },
    again: () => lived(authority, settings, time),
  };
}

const types = ({ events }: Stage) => events.map(({ type }) => type);
const failure = ({ events }: Stage) => events.find((event) => event.type === 'acme-failed');

test('a certificate is obtained, kept, and not ordered again before two thirds of its lifetime', async () => {
  const stage = await staged({}, { email: 'ops@example.com' });
  await stage.issuer.tick();
  expect(types(stage)).toEqual(['acme-obtained']);
  const first = stage.issued();
  expect(first?.notAfterMs).toBeGreaterThan(Date.now());
  // The challenge was answered, and is no more.
  expect(stage.proofs.map(({ type, token }) => [type, token])).toEqual([
    ['http-01', 'a-token-that-is-long-enough'],
    ['http-01', ''],
  ]);
  expect(stage.authority.payloads['/account']).toEqual([
    { termsOfServiceAgreed: true, contact: ['mailto:ops@example.com'] },
  ]);
  // The lifetime of 31 days began a day ago.
  stage.pass(18 * DAY);
  await stage.issuer.tick();
  expect(stage.issued()).toEqual(first);
  stage.pass(3 * DAY);
  await stage.issuer.tick();
  expect(types(stage)).toEqual(['acme-obtained', 'acme-obtained']);
  expect(stage.issued()?.fingerprint).not.toBe(first?.fingerprint);
  expect(stage.issuer.facts()).toMatchObject([{ name: 'a.example.com', state: 'obtained', failures: 0, error: '' }]);
});

test('what is kept is not ordered again by the next life, and has the same account', async () => {
  const stage = await staged();
  await stage.issuer.tick();
  const asked = stage.authority.asked.length;
  const next = stage.again();
  await next.issuer.tick();
  // It asks when to renew, which this authority does not say.
  expect(stage.authority.asked.slice(asked)).toEqual(['GET /dir']);
  next.pass(25 * DAY);
  await next.issuer.tick();
  expect(types(next)).toEqual(['acme-obtained']);
  expect(stage.authority.accounts.size).toBe(1);
});

test('a file that is damaged is replaced', async () => {
  const stage = await staged();
  await stage.issuer.tick();
  writeFileSync(certificateFile(stage.settings, 'a.example.com'), '-----BEGIN CERTIFICATE-----');
  const next = stage.again();
  await next.issuer.tick();
  expect(types(next)).toEqual(['acme-obtained']);
});

test('nonces that are refused are replaced by others', async () => {
  const stage = await staged({ badNonces: 7 });
  await stage.issuer.tick();
  expect(types(stage)).toEqual(['acme-obtained']);
});

test('an account that is bound to a customer says so, and one with another address is told', async () => {
  const externalAccount = { keyId: 'kid-1', secret: Buffer.alloc(32, 7).toString('base64url') };
  const stage = await staged({}, { externalAccount, email: 'a@example.com' });
  await stage.issuer.tick();
  expect(stage.authority.payloads['/account']).toMatchObject([
    { externalAccountBinding: { protected: expect.any(String) as string } },
  ]);
  const next = lived(stage.authority, { ...stage.settings, email: 'b@example.com' }, { nowMs: 30 * DAY });
  await next.issuer.tick();
  expect(stage.authority.payloads['/accounts/0']).toEqual([{ contact: ['mailto:b@example.com'] }]);
});

test('an account that the authority has forgotten is made known again', async () => {
  const stage = await staged();
  await stage.issuer.tick();
  stage.authority.accounts.clear();
  stage.pass(25 * DAY);
  await stage.issuer.tick();
  expect(failure(stage)).toMatchObject({
    trouble: 'refused',
    error: expect.stringContaining('accountDoesNotExist') as string,
  });
  stage.pass(3_600_000);
  await stage.issuer.tick();
  expect(types(stage).at(-1)).toBe('acme-obtained');
});

const ANOTHER = issue({ names: ['a.example.com'] });

test.each<[string, Lies, string, string]>([
  ['that does not work', { answers: { '/dir': { status: 500 } } }, 'away', '/dir answers 500'],
  [
    'that is something else',
    { answers: { '/dir': { status: 200, value: '<html>' } } },
    'away',
    'what is no JSON object',
  ],
  [
    'with an empty directory',
    { answers: { '/dir': { status: 200, value: '{}' } } },
    'away',
    'has no newNonce; is it one of ACME?',
  ],
  [
    'that would have it done in the clear',
    { answers: { '/dir': { status: 200, value: '{"newNonce":"http://a/"}' } } },
    'away',
    'has no newNonce',
  ],
  ['without nonces', { nonce: 'two words' }, 'away', 'gives no nonces'],
  ['that refuses every nonce', { badNonces: 1000 }, 'refused', 'badNonce'],
  ['that hangs', { hangs: '/dir' }, 'away', 'no whole answer within 0.4 seconds'],
  ['that hangs in the middle', { hangs: '/finalize' }, 'away', 'no whole answer within'],
  [
    'that never stops',
    { answers: { '/dir': { status: 200, value: 'x'.repeat(300_000) } } },
    'away',
    'has more than 262144 bytes',
  ],
  [
    'that refuses the proof',
    { refuses: { type: 'connection', detail: '192.0.2.1: refused' } },
    'refused',
    'connection: 192.0.2.1: refused',
  ],
  [
    'that is asked too much',
    {
      answers: {
        '/order': {
          status: 429,
          value: '{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many"}',
          headers: { 'Retry-After': '7200' },
        },
      },
    },
    'limited',
    'rateLimited: too many',
  ],
  [
    'that offers nothing that is wanted',
    { offers: ['dns-01'] },
    'refused',
    'it offers dns-01, and http-01 or tls-alpn-01 is wanted',
  ],
  ['with a token that is a path', { token: '../../../../etc/passwd' }, 'wrong', 'has no token that can be one'],
  [
    'that issues for another name',
    { issues: () => issue({ names: ['evil.example.com'] }).cert },
    'wrong',
    'is for evil.example.com',
  ],
  ['that issues for another key', { issues: () => ANOTHER.cert }, 'wrong', 'is for another key'],
  ['that issues nothing', { issues: () => '' }, 'wrong', 'is none'],
])('an authority %s leaves what there is, and is tried again later', async (_, lies, trouble, error) => {
  const stage = await staged();
  await stage.issuer.tick();
  const before = stage.issued();
  stage.authority.lies = lies;
  stage.pass(25 * DAY);
  await stage.issuer.tick();
  expect(failure(stage)).toMatchObject({ trouble, error: expect.stringContaining(error) as string, failures: 1 });
  expect(stage.issued()).toEqual(before);
  // Nothing is asked until the time is up.
  const asked = stage.authority.asked.length;
  await stage.issuer.tick();
  expect(stage.authority.asked.length).toBe(asked);
  stage.authority.lies = {};
  stage.pass(7_300_000);
  await stage.issuer.tick();
  expect(types(stage).at(-1)).toBe('acme-obtained');
});

test('an authority that asks to be left alone is, also by the next life', async () => {
  const limit = {
    status: 429,
    value: '{"type":"urn:ietf:params:acme:error:rateLimited"}',
    headers: { 'Retry-After': '7200' },
  };
  const stage = await staged({ answers: { '/order': limit } });
  await stage.issuer.tick();
  expect(failure(stage)).toMatchObject({ trouble: 'limited', againMs: 7_200_000 });
  stage.authority.lies = {};
  const next = stage.again();
  next.pass(7_000_000);
  await next.issuer.tick();
  expect(types(next)).toEqual([]);
  next.pass(300_000);
  await next.issuer.tick();
  expect(types(next)).toEqual(['acme-obtained']);
});

test('after a proof that was refused, another way is tried', async () => {
  const stage = await staged({ refuses: { type: 'connection', detail: 'no' } });
  await stage.issuer.tick();
  stage.pass(200_000);
  await stage.issuer.tick();
  expect(stage.proofs.filter(({ token }) => token !== '').map(({ type }) => type)).toEqual(['http-01', 'tls-alpn-01']);
});

test('an authority says when to renew, is asked no more often than it wants, and hears what is replaced', async () => {
  const window = (from: number) => ({
    start: new Date(Date.now() + from * DAY).toISOString(),
    end: new Date(Date.now() + (from + 0.1) * DAY).toISOString(),
  });
  const stage = await staged({ window: window(10) });
  const asked = () => stage.authority.asked.filter((one) => one.includes('/renewal/'));
  await stage.issuer.tick();
  const id = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.exec(stage.issued()?.renewalId ?? '')?.[0];
  expect(asked()).toEqual([`GET /renewal/${id}`]);
  const [{ renewMs = 0 } = {}] = stage.issuer.facts();
  expect((renewMs - Date.now()) / DAY).toBeCloseTo(10.05, 0);
  // `Retry-After` says two hours.
  stage.pass(7_000_000);
  await stage.issuer.tick();
  expect(asked()).toHaveLength(1);
  // All of a sudden it is to be renewed now: the authority is about to revoke it.
  stage.authority.lies.window = window(-1);
  stage.pass(300_000);
  await stage.issuer.tick();
  expect(asked()).toHaveLength(2);
  await stage.issuer.tick();
  expect(types(stage)).toEqual(['acme-obtained', 'acme-obtained']);
  expect(stage.authority.payloads['/order']?.map(({ replaces }) => replaces)).toEqual([undefined, id]);
});

test('renewal information that cannot be had is no failure', async () => {
  const stage = await staged({ window: { start: 'never', end: 'never' } });
  await stage.issuer.tick();
  stage.authority.lies = { answers: { '/dir': { status: 500 } } };
  stage.pass(5 * DAY);
  await stage.issuer.tick();
  expect(types(stage)).toEqual(['acme-obtained']);
});

test('one name that fails keeps no other from being renewed', async () => {
  const stage = await staged({}, { domains: ['b.example.com', 'a.example.com'] });
  stage.authority.lies = { answers: { '/finalize/0': { status: 500 } } };
  await stage.issuer.tick();
  expect(types(stage).toSorted()).toEqual(['acme-failed', 'acme-obtained']);
});

test('nothing is ordered that could not be kept', async () => {
  const stage = await staged({}, { folder: join(scratch().write('file', ''), 'below') });
  await stage.issuer.tick();
  expect(failure(stage)).toMatchObject({ trouble: 'refused', error: expect.stringContaining('ENOTDIR') as string });
  expect(stage.authority.asked).toEqual([]);
});

test('what is no longer wanted is forgotten, and stays on the disk', async () => {
  const stage = await staged();
  await stage.issuer.tick();
  Object.assign(stage.settings, { domains: [] });
  await stage.issuer.tick();
  expect(stage.issuer.facts()).toEqual([]);
  expect(readdirSync(join(authorityFolder(stage.settings)))).toContain('a.example.com.ecdsa.pem');
});
