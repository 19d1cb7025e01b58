import { createHash, createHmac, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** A flattened JWS (RFC 7515 §7.2.2), as RFC 8555 §6.2 wants it. */
export type Jws = { readonly protected: string; readonly payload: string; readonly signature: string };

/** What stands in its header beside the algorithm; `kid` once there is an account, `jwk` before. */
export type JwsHeader = {
  readonly url: string;
  readonly nonce?: string;
  readonly kid?: string;
  readonly jwk?: Jwk;
};

/** The public half of a P-256 key, its members in the order of RFC 7638. */
export type Jwk = { readonly crv: string; readonly kty: string; readonly x: string; readonly y: string };

/** Signed by the account's key, ES256. `payload` undefined: the empty one, which asks for a resource (POST-as-GET). */
export function signedJws(header: JwsHeader, payload: unknown, key: KeyObject): Jws {
  const parts = encoded({ alg: 'ES256', ...header }, payload);
  const signature = sign('sha256', Buffer.from(`${parts.protected}.${parts.payload}`), {
    key,
    dsaEncoding: 'ieee-p1363',
  });
  return { ...parts, signature: signature.toString('base64url') };
}

/** Binds an account to what the authority knows its customer by (RFC 8555 §7.3.4): its key, signed by the shared secret. */
export function boundAccount(account: { readonly keyId: string; readonly secret: string }, jwk: Jwk, url: string): Jws {
  const parts = encoded({ alg: 'HS256', kid: account.keyId, url }, jwk);
  const mac = createHmac('sha256', Buffer.from(account.secret, 'base64url'));
  return { ...parts, signature: mac.update(`${parts.protected}.${parts.payload}`).digest('base64url') };
}

/** The public half of a key on a curve, as JSON Web Key (RFC 7517). */
export function jwkOf(key: KeyObject): Jwk {
  const { crv = '', kty = '', x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
  return { crv, kty, x, y };
}

/** What a challenge is answered with (RFC 8555 §8.1). */
export function keyAuthorization(token: string, key: KeyObject): string {
  const thumbprint = createHash('sha256')
    .update(JSON.stringify(jwkOf(key)))
    .digest('base64url');
  return `${token}.${thumbprint}`;
}

function encoded(header: object, payload: unknown): Pick<Jws, 'protected' | 'payload'> {
  const text = payload === undefined ? '' : Buffer.from(JSON.stringify(payload)).toString('base64url');
  return { protected: Buffer.from(JSON.stringify(header)).toString('base64url'), payload: text };
}
