import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type AcmeSettings, accountFile } from '../config/topology-acme.ts';
import { type Account, signedIn } from './account.ts';
import { Authority } from './authority.ts';
import type { Exchange } from './exchange.ts';
import { jwkOf } from './jws.ts';
import { readKept, writeKept } from './kept-file.ts';
import { newKeyPair } from './key-pair.ts';

/** An account at an authority that knows it. */
export type Session = {
  readonly authority: Authority;
  readonly account: string;
  readonly key: KeyObject;
  /** The authority does not know the account any more: the next session makes it known again. */
  readonly forget: () => Promise<void>;
  readonly close: () => void;
};

export type SessionDeps = {
  readonly exchange: Exchange;
  readonly wallMs: () => number;
  /** Where the edges of a fleet share their account; undefined: this edge has its own. */
  readonly shared: AccountShelf | undefined;
};

/** Where an account is kept, as a text that nobody is to read. */
export type AccountShelf = { readonly read: () => string | undefined; readonly write: (text: string) => Promise<void> };

/** Signs in with the account that is kept, or makes one. The key is kept before anybody hears of it: an account without its key is lost. */
export async function startSession(
  settings: AcmeSettings,
  { exchange, wallMs, shared }: SessionDeps,
): Promise<Session> {
  const file = accountFile(settings);
  const keep = async (account: Account): Promise<void> => {
    const text = `${JSON.stringify(account)}\n`;
    await writeKept(file, text);
    await shared?.write(text);
  };
  const kept = accountOf(shared?.read()) ?? accountOf(await readKept(file));
  const known = kept ?? (await newAccount());
  if (kept === undefined) await keep(known);
  const key = createPrivateKey(known.key);
  const authority = new Authority({ directory: settings.directory, exchange, key, wallMs });
  const account = await signedIn(authority, settings, { account: known, jwk: jwkOf(key) });
  if (account !== known) await keep(account);
  return {
    authority,
    account: account.url,
    key,
    forget: () => keep({ ...account, url: '' }),
    close: () => exchange.close(),
  };
}

async function newAccount(): Promise<Account> {
  const { privateKey } = await newKeyPair('ecdsa');
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), url: '', email: '' };
}

/** Undefined for a text that is none, or has no key that can be used. */
function accountOf(text: string | undefined): Account | undefined {
  if (text === undefined) return undefined;
  try {
    const { key, url, email } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof key !== 'string' || typeof url !== 'string' || typeof email !== 'string') return undefined;
    createPrivateKey(key);
    return { key, url, email };
  } catch {
    return undefined;
  }
}
