/** Why a server cannot be used, for people; without the user and password of its URL, whatever the error quotes. */
export function redisErrorText(error: unknown, url: string): string {
  const { code, message } = error as { code?: string; message?: string };
  const text = message ?? String(error);
  const known = WORDS.find(([pattern]) => pattern.test(`${code ?? ''} ${text}`))?.[1];
  return known ?? withoutCredentials(text, url);
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /WRONGPASS|NOAUTH|invalid username-password|ERR AUTH|called without any password/,
    'it refuses the user or password',
  ],
  [
    /NOPERM|user executing the script can't/,
    'the user lacks a permission: it needs reading, writing, scripts and channels behind the prefix',
  ],
  [/\bOOM\b/, 'it is full (maxmemory): it keeps nothing new'],
  [/READONLY/, 'it is a read-only replica'],
  [/LOADING/, 'it is still loading its data'],
  [/MISCONF/, 'it cannot save its data and refuses to write'],
  [/NOREPLICAS/, 'it has too few replicas and refuses to write'],
  [/MASTERDOWN/, 'it is a replica that has lost its primary'],
  [/CLUSTERDOWN|\bMOVED\b|CROSSSLOT/, 'it is a cluster, which cannot be used, or one that is down'],
  [/\bBUSY\b/, 'it is busy with a script'],
  [/ECONNREFUSED/, 'it refuses the connection'],
  [/ENOTFOUND|EAI_AGAIN/, 'its name cannot be resolved'],
  [/EHOSTUNREACH|ENETUNREACH/, 'there is no way to it'],
  [/ECONNRESET|EPIPE|[Ss]ocket closed|client is (?:closed|offline)|Disconnects client/, 'it closed the connection'],
  [/[Tt]imeout|ETIMEDOUT/, 'it does not answer'],
  [/Unknown RESP type|Invalid RESP|Unexpected/, 'it does not speak the Redis protocol'],
];

function withoutCredentials(text: string, url: string): string {
  const bare = text.replaceAll(/(rediss?:\/\/)[^@/\s]*@/g, '$1');
  return secretsOf(url).reduce((safe, secret) => safe.replaceAll(secret, '(redacted)'), bare);
}

function secretsOf(url: string): readonly string[] {
  if (!URL.canParse(url)) return url === '' ? [] : [url];
  const { username, password } = new URL(url);
  const all = [password, username].flatMap((one) => [one, decoded(one)]);
  return all.filter((one) => one !== '' && one !== 'default');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
