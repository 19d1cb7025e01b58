import { execFileSync } from 'node:child_process';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { makeCertificates } from './certificates.ts';
import { type Issued, issue } from './x509.ts';

type Answer = { readonly status: number; readonly value?: unknown; readonly headers?: Record<string, string> };
type Jwk = Record<string, string>;
type Payload = Record<string, unknown>;

/** What an authority does wrong, and what it can do beyond the usual. */
export type Lies = {
  /** So many good nonces are refused. */
  badNonces?: number;
  /** Its answers have this in place of a nonce. */
  nonce?: string;
  /** Requests for this path get this answer. */
  answers?: Record<string, Answer>;
  /** Requests for this path are never answered. */
  hangs?: string;
  /** What it issues in place of what was ordered. */
  issues?: (publicKey: ReturnType<typeof createPublicKey>) => string;
  /** The proof is refused, with this problem. */
  refuses?: { type: string; detail: string };
  /** It says when to renew (RFC 9773). */
  window?: { start: string; end: string };
  /** Only these challenges are offered. */
  offers?: readonly string[];
  token?: string;
};

export type LyingAuthority = {
  readonly directory: string;
  readonly ca: string;
  readonly root: Issued;
  lies: Lies;
  /** What was asked, each as `METHOD /path`. */
  readonly asked: string[];
  /** The payloads that came for a path. */
  readonly payloads: Record<string, Record<string, unknown>[]>;
  readonly accounts: Map<string, string>;
  readonly close: () => Promise<void>;
};

/** An ACME authority of a test's own: it does what RFC 8555 says, but for its lies. It believes every proof. */
export async function lyingAuthority(): Promise<LyingAuthority> {
  const own = makeCertificates();
  const root = issue({ subject: 'root', ca: true });
  const state = { nonces: new Set<string>(), count: 0 };
  const orders = new Map<string, { domain: string; status: string; proved: boolean; chain: string }>();
  const server: Server = createServer({ cert: own.cert, key: own.key });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const authority: LyingAuthority = {
    directory: `${base}/dir`,
    ca: own.ca,
    root,
    lies: {},
    asked: [],
    payloads: {},
    accounts: new Map(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void take(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  onTestFinished(() => authority.close());
  return authority;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    authority.asked.push(`${request.method} ${path}`);
    let text = '';
    for await (const piece of request) text += String(piece);
    const { lies } = authority;
    if (lies.hangs !== undefined && path.startsWith(lies.hangs)) return;
    const nonce = lies.nonce ?? `nonce${(state.count += 1)}`;
    state.nonces.add(nonce);
    const { status, value = '', headers } = lies.answers?.[path] ?? open(path) ?? signed(path, text);
    response.writeHead(status, { 'Replay-Nonce': nonce, 'Content-Type': 'application/json', ...headers });
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  }

  /** What anybody may ask for. */
  function open(path: string): Answer | undefined {
    const { window } = authority.lies;
    if (path.startsWith('/renewal/')) {
      return { status: 200, value: { suggestedWindow: window }, headers: { 'Retry-After': '7200' } };
    }
    if (path === '/nonce') return { status: 200 };
    if (path !== '/dir') return undefined;
    const renewal = window === undefined ? {} : { renewalInfo: `${base}/renewal` };
    const urls = { newNonce: `${base}/nonce`, newAccount: `${base}/account`, newOrder: `${base}/order` };
    return { status: 200, value: { ...urls, ...renewal } };
  }

  function signed(path: string, text: string): Answer {
    const jws = JSON.parse(text) as { protected: string; payload: string; signature: string };
    const header = decoded(jws.protected) as { nonce: string; url: string; kid?: string; jwk?: Jwk };
    const isKnown = state.nonces.delete(header.nonce);
    const { lies } = authority;
    if (!isKnown || (lies.badNonces ?? 0) > 0) {
      lies.badNonces = (lies.badNonces ?? 1) - 1;
      return problem(400, 'badNonce', 'try another');
    }
    if (header.url !== `${base}${path}`) return problem(400, 'unauthorized', 'the url is another');
    const jwk = header.jwk ?? (JSON.parse(authority.accounts.get(header.kid ?? '') ?? 'null') as Jwk | null);
    if (jwk === null) return problem(400, 'accountDoesNotExist', 'who are you?');
    if (!isGood(jws, jwk)) return problem(400, 'unauthorized', 'the signature is not good');
    const payload = jws.payload === '' ? undefined : (decoded(jws.payload) as Payload);
    if (payload !== undefined) (authority.payloads[path] ??= []).push(payload);
    return path.startsWith('/account') ? account(path, jwk) : ordered(path, payload);
  }

  function account(path: string, jwk: Jwk): Answer {
    if (path !== '/account') return { status: 200, value: { status: 'valid' } };
    const text = JSON.stringify(jwk);
    const had = [...authority.accounts].find(([, one]) => one === text)?.[0];
    const url = had ?? `${base}/accounts/${authority.accounts.size}`;
    authority.accounts.set(url, text);
    return { status: 201, value: { status: 'valid' }, headers: { Location: url } };
  }

  function ordered(path: string, payload: Payload | undefined): Answer {
    const [, kind = '', id = ''] = path.split('/');
    if (kind === 'order') {
      const [identifier] = (payload as { identifiers: { value: string }[] }).identifiers;
      const next = String(orders.size);
      orders.set(next, { domain: identifier?.value ?? '', status: 'pending', proved: false, chain: '' });
      return { status: 201, value: orderOf(next), headers: { Location: `${base}/orders/${next}` } };
    }
    const order = orders.get(id);
    if (order === undefined) return problem(404, 'malformed', 'no such thing');
    if (kind === 'authorizations') return { status: 200, value: authorizationOf(id) };
    if (kind === 'certificates') return { status: 200, value: order.chain };
    if (kind === 'challenges') {
      order.proved = true;
      order.status = authority.lies.refuses === undefined ? 'ready' : 'invalid';
    } else if (kind === 'finalize') {
      const csr = Buffer.from(String(payload?.['csr']), 'base64url');
      const publicKey = createPublicKey(openssl(['req', '-inform', 'DER', '-noout', '-pubkey'], csr));
      order.chain = authority.lies.issues?.(publicKey) ?? issued(order.domain, publicKey);
      order.status = 'valid';
    }
    return { status: 200, value: orderOf(id) };
  }

  function issued(domain: string, publicKey: ReturnType<typeof createPublicKey>): string {
    const { cert } = issue({
      names: [domain],
      by: root,
      issuerKey: ISSUER_KEY,
      keys: { publicKey, privateKey: root.keys.privateKey },
    });
    return new X509Certificate(cert).toString() + root.cert;
  }

  function orderOf(id: string) {
    const { status } = orders.get(id) as { status: string };
    return {
      status,
      authorizations: [`${base}/authorizations/${id}`],
      finalize: `${base}/finalize/${id}`,
      ...(status === 'valid' ? { certificate: `${base}/certificates/${id}` } : {}),
    };
  }

  function authorizationOf(id: string) {
    const { lies } = authority;
    const { domain, proved } = orders.get(id) as { domain: string; proved: boolean };
    const status = !proved ? 'pending' : lies.refuses === undefined ? 'valid' : 'invalid';
    const error = lies.refuses && {
      type: `urn:ietf:params:acme:error:${lies.refuses.type}`,
      detail: lies.refuses.detail,
    };
    const challenges = (lies.offers ?? ['dns-01', 'http-01', 'tls-alpn-01']).map((type) => ({
      type,
      token: lies.token ?? 'a-token-that-is-long-enough',
      url: `${base}/challenges/${id}`,
      ...(status === 'invalid' ? { error } : {}),
    }));
    return { status, identifier: { type: 'dns', value: domain }, challenges };
  }
}

function problem(status: number, type: string, detail: string): Answer {
  return { status, value: { type: `urn:ietf:params:acme:error:${type}`, detail } };
}

function isGood(jws: { protected: string; payload: string; signature: string }, jwk: Jwk): boolean {
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signature = Buffer.from(jws.signature, 'base64url');
  const text = Buffer.from(`${jws.protected}.${jws.payload}`);
  return verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** By which its certificates name it. */
export const ISSUER_KEY = '0123456789abcdef';

function decoded(text: string): unknown {
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}

function openssl(args: readonly string[], input: Buffer): string {
  return execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'pipe'] }).toString();
}
