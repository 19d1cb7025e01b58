import { isHostName } from './host-name.ts';
import { isAddress } from './ipaddr.ts';
import { type Kind, mustBe, right, textKind, wrong } from './kind.ts';

const DOMAIN = 'a name such as shop.example.com';

/** A name that a certificate can be ordered for, in lower case. */
export const acmeDomain: Kind<string> = textKind(DOMAIN, { minLength: 1 }, (text) => {
  const name = text.toLowerCase();
  if (name.startsWith('*.')) {
    return wrong(
      `must be ${DOMAIN}; a wildcard takes the DNS-01 challenge, which is not built: name each host, or give the certificate as cert and key`,
    );
  }
  if (isAddress(name.replace(/^\[(.*)\]$/, '$1'))) return wrong(`must be ${DOMAIN}; none is ordered for an address`);
  if (isHostName(name) && !name.includes('_')) return right(name);
  return wrong(mustBe(DOMAIN, text) + hint(name));
});

function hint(name: string): string {
  if (name.includes('://') || name.includes('/')) return '; write the host alone';
  if (/:\d+$/.test(name)) return '; leave out the port';
  if (name.endsWith('.')) return '; leave out the last dot';
  return '';
}

const EMAIL = 'an email address such as ops@example.com';

/** One address. Authorities take `mailto:` with exactly one, and nothing behind it (RFC 8555 §7.3). */
export const acmeEmail: Kind<string> = textKind(EMAIL, { pattern: '^[^@]+@[^@]+$' }, (text) => {
  if (text.startsWith('mailto:')) return wrong(`${mustBe(EMAIL, text)}; leave out mailto:`);
  const [local = '', domain = '', ...more] = text.split('@');
  const isOne = more.length === 0 && /^[A-Za-z0-9.!#$&'*+/=^_`{|}~-]{1,64}$/.test(local);
  return isOne && isHostName(domain.toLowerCase()) ? right(text) : wrong(mustBe(EMAIL, text));
});

const DIRECTORY = 'the URL of a directory, such as https://acme-v02.api.letsencrypt.org/directory';

/** Where an authority says what it can do. Keys and accounts go by it, so it must be https. */
export const acmeDirectory: Kind<string> = textKind(DIRECTORY, { pattern: '^https://' }, (text) => {
  const url = URL.parse(text);
  if (url === null) return wrong(mustBe(DIRECTORY, text));
  if (url.username !== '' || url.password !== '') return wrong('must have no user name or password; remove them');
  if (url.protocol === 'http:') {
    return wrong(
      `must be ${DIRECTORY}; by http anybody could be the authority. Write https://, and directory_ca for one of your own`,
    );
  }
  if (url.protocol !== 'https:') return wrong(mustBe(DIRECTORY, text));
  return url.hash === '' ? right(url.href) : wrong('must have no fragment; remove the "#" and what follows it');
});

/** The least for HMAC with SHA-256 that is not guessed. */
const HMAC_BYTES_MIN = 16;

/** A key in base64url, as authorities show theirs; no message shows it. */
export const hmacKey: Kind<string> = {
  expected: 'a key in base64url',
  json: { type: 'string', pattern: '^[A-Za-z0-9_-]+=*$' },
  read(value) {
    if (typeof value !== 'string' || !/^[A-Za-z0-9_+/-]+=*$/.test(value)) {
      return wrong('must be the key in base64url as the authority shows it (its value is not shown)');
    }
    const { length } = Buffer.from(value, 'base64url');
    if (length >= HMAC_BYTES_MIN) return right(value);
    return wrong(`must be a key of at least ${HMAC_BYTES_MIN} bytes in base64url; it has ${length} (not shown)`);
  },
};

/** As many characters as a 128-bit key has in hexadecimal. */
const SECRET_CHARS_MIN = 32;

/** What keys are sealed with; no message shows it. */
export const sealingSecret: Kind<string> = {
  expected: `a secret of at least ${SECRET_CHARS_MIN} characters`,
  json: { type: 'string', minLength: SECRET_CHARS_MIN },
  read(value) {
    if (typeof value !== 'string') return wrong('must be a text; put it in quotes (its value is not shown)');
    if (value.length >= SECRET_CHARS_MIN && value.length <= 4096) return right(value);
    return wrong(
      `must have at least ${SECRET_CHARS_MIN} characters; it has ${value.length} (not shown); make one with: openssl rand -hex 32`,
    );
  },
};
