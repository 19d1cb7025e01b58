import { acmeDirectory, acmeDomain, acmeEmail, hmacKey, sealingSecret } from './acme-kinds.ts';
import { flag, listOf, matching, oneOf, text } from './scalars.ts';
import { block, key, needed, optional, under } from './zod-schema.ts';

export const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';
export const ACME_DOMAINS_MAX = 100;

const EXTERNAL_ACCOUNT = block('What the authority has given its customer, where it asks for that (RFC 8555 §7.3.4).', {
  key_id: needed(matching('a key id of visible characters', /^[\x21-\x7e]{1,512}$/), 'The name of the key.'),
  secret: needed(hmacKey, 'The key itself, as the authority shows it: base64url.'),
});

/** `edge.tls.acme` and `edge.listeners[].tls.acme`. What keys mean for each other is in rules-acme.ts. */
export const ACME = block('Certificates that the edge obtains from an authority by itself, and renews.', {
  domains: needed(
    listOf(acmeDomain, 1, ACME_DOMAINS_MAX),
    'The names to obtain a certificate for, each its own; at most 100.',
  ),
  email: optional(acmeEmail, 'Where the authority may write to.'),
  agree_to_terms: key(flag, false, "That you agree to the authority's terms of service; must be true."),
  directory: key(acmeDirectory, LETS_ENCRYPT, "The authority's directory; Let's Encrypt when left out."),
  directory_ca: optional(
    text('the path of a PEM file'),
    'PEM file of the authorities that vouch for the directory, for one of your own; otherwise those of the runtime.',
  ),
  external_account: under(EXTERNAL_ACCOUNT.schema),
  key_type: key(
    oneOf(['ecdsa', 'rsa'], { ec: 'ecdsa', 'p-256': 'ecdsa' }),
    'ecdsa',
    'The keys of certificates: P-256, or RSA of 2,048 bits.',
  ),
  challenges: optional(
    listOf(oneOf(['http-01', 'tls-alpn-01']), 1, 2),
    'How to prove that a name leads here, in this order; both when left out, http-01 only where a listener has no TLS.',
  ),
  folder: key(
    text('the path of a folder'),
    '/var/lib/meridian/acme',
    'Where account and certificates are kept; made when it is not there, for this user only.',
  ),
  store: key(
    oneOf(['folder', 'fleet']),
    'folder',
    'Whether each edge is on its own, or the edges of a fleet share account, certificates and challenges in its store, and one of them orders.',
  ),
  secret: optional(
    sealingSecret,
    'With what keys are sealed in the store of the fleet: the same on every edge, at least 32 characters. Needed with store: fleet.',
  ),
});
