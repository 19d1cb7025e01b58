/** Says in a copy of a request that it is one. */
export const MIRROR_FIELD = 'X-Meridian-Mirror';

/** What becomes of the head of a request for a copy of it. */
export type CopyRules = {
  /** The `Host` that its endpoint is sent; undefined: the client's. */
  readonly host: string | undefined;
  readonly passesCredentials: boolean;
};

/**
 * The head of a copy of a request, from the head as it would be written to the copy's endpoint: its request line, Host in its second line,
 * fields, and an empty line. It is marked, waits for no 100, and says who asks only where that is wanted.
 */
export function mirrorHead(text: string, { host, passesCredentials }: CopyRules): string {
  const [line = '', hostLine = '', ...fields] = text.slice(0, -4).split('\r\n');
  const kept = fields.filter((field) => {
    const name = field.slice(0, field.indexOf(':')).toLowerCase();
    return name !== 'expect' && name !== MARK && (passesCredentials || !isCredential(name));
  });
  const own = host === undefined ? hostLine : `Host: ${host}`;
  return `${[line, own, ...kept, `${MIRROR_FIELD}: 1`].join('\r\n')}\r\n\r\n`;
}

const MARK = MIRROR_FIELD.toLowerCase();

/** By what fields that say who asks are known: by their names, or by what such names end in. */
function isCredential(name: string): boolean {
  return NAMES.has(name) || PATTERN.test(name);
}

const NAMES: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'cookie2',
  'dpop',
  'signature',
  'token',
]);
const PATTERN =
  /(?:^|-)(?:auth|authorization|api-?key|key|token|secret|session|session-id|credentials?|password|jwt|jwt-assertion|security-token|access-token)$|^(?:x-)?(?:user|user-id|user-token|client-cert|ssl-client-cert|forwarded-(?:user|email|access-token|client-cert)|remote-user)$|jwt-assertion$|oidc-data$|client-principal$|functions-key$|subscription-key$/;
