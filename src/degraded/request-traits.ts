/** What of a request decides whether its answer may be kept, beside its method, its URL and what `Vary` names. */
export type RequestTraits = {
  /** It has `Authorization`, for whose answers RFC 9111 §3.5 has rules. */
  readonly authorization: boolean;
  /** It says otherwise who asks, so its answer may be for one client alone. */
  readonly credentials: boolean;
  /** It asks for a part, or for an answer only under a condition. */
  readonly selective: boolean;
  /** It asks for another method or another target than its request line does. */
  readonly overriding: boolean;
};

/** Looks at a request's headers, names and values alternating, once. `credentialFields` are in lower case. */
export function traitsOf(headers: readonly string[], credentialFields: readonly string[]): RequestTraits {
  let authorization = false;
  let credentials = false;
  let selective = false;
  let overriding = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (name === 'authorization') authorization = true;
    else if (isCredential(name, credentialFields)) credentials = true;
    else if (SELECTIVE.has(name)) selective = true;
    else if (OVERRIDING.has(name)) overriding = true;
  }
  return { authorization, credentials, selective, overriding };
}

/** Whether a request field, in lower case, says who asks. */
export function isCredential(name: string, credentialFields: readonly string[]): boolean {
  return ALWAYS.has(name) || credentialFields.includes(name);
}

const ALWAYS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'client-cert',
  'client-cert-chain',
  'x-forwarded-client-cert',
]);

/** A 416 or a 412 is the answer to one of these, and to nobody else's request. */
export const SELECTIVE: ReadonlySet<string> = new Set([
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
]);

/** Frameworks take these for the method or the target, and their answers would stand under the URL that was not meant. */
const OVERRIDING: ReadonlySet<string> = new Set([
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-original-url',
  'x-original-uri',
  'x-rewrite-url',
]);
