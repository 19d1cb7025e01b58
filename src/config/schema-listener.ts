import { trustedPeer } from './ipaddr.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import { listenAddress } from './listen.ts';
import { either, flag, integer, listOf, matching, oneOf, text } from './scalars.ts';
import { ACME } from './schema-acme.ts';
import { block, key, listOfBlocks, needed, optional, under } from './zod-schema.ts';

export const PEM_PATH = 'the path of a PEM file';

/** YAML reads `1.2` as a number, and people write `TLSv1.2` too. */
const TLS_VERSION: Kind<'TLSv1.2' | 'TLSv1.3'> = {
  expected: '1.2 or 1.3',
  json: { enum: [1.2, 1.3, '1.2', '1.3'] },
  read(value) {
    const version = /^(?:TLSv?)?(1\.[23])$/i.exec(String(value))?.[1];
    if (version !== undefined) return right(version === '1.2' ? 'TLSv1.2' : 'TLSv1.3');
    return wrong(`${mustBe('1.2 or 1.3', value)}${/1\.[01]$/.test(String(value)) ? '; what is older is broken' : ''}`);
  },
};

const CERTIFICATE = block(
  'One certificate. Which one a client is shown, its names and the name that is asked for decide.',
  {
    cert: needed(text(PEM_PATH), 'PEM file of the certificate chain, leaf first.'),
    key: needed(text(PEM_PATH), 'PEM file of the private key.'),
  },
);

/** `edge.tls` and `edge.listeners[].tls`. What keys mean for each other is in rules-listeners.ts. */
export const LISTEN_TLS = block('Serve HTTPS. The files are watched, and taken when they are whole and good.', {
  cert: optional(text(PEM_PATH), 'PEM file of the certificate chain, leaf first; short for one in certificates.'),
  key: optional(text(PEM_PATH), 'PEM file of the private key.'),
  certificates: under(
    listOfBlocks(
      CERTIFICATE.schema,
      'a list of certificates, each with cert and key',
      'Certificates for several names, or an RSA and an ECDSA one for the same; the first, or cert, is shown where none has the name; at most 1,000.',
    ),
  ),
  acme: under(ACME.schema),
  min_version: key(TLS_VERSION, '1.2', 'The oldest version of TLS that is spoken.'),
  strict_sni: key(
    flag,
    false,
    'Whether a client that asks for a name of no certificate, or for none, is refused (unrecognized_name).',
  ),
  client_ca: optional(
    text(PEM_PATH),
    'PEM file of the authorities that vouch for clients; without it clients are not asked.',
  ),
  client_certificate: optional(
    oneOf(['required', 'optional']),
    'Whether a client without a certificate is refused; required when client_ca is given. One with a bad certificate always is.',
  ),
  client_certificate_chain: key(
    flag,
    false,
    'Whether endpoints are told the intermediate certificates too (Client-Cert-Chain).',
  ),
});

const PROXY_PROTOCOL = block('Connections begin with a PROXY header (version 1 or 2) that names the client.', {
  from: needed(
    listOf(trustedPeer, 1, 256),
    'Peers that send it: addresses, CIDRs, or loopback, linklocal, uniquelocal. Each of their connections must begin with it, and nobody else may connect.',
  ),
});

/** `edge.listeners[]`. */
export const LISTENER = block('One address at which clients are taken.', {
  name: optional(
    matching('letters, digits, ".", "_" and "-", at most 63', /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/),
    'Its name in metrics, logs and rules; its address when left out.',
  ),
  listen: needed(listenAddress, 'Address and port for clients: host:port, :port (every IPv4 address) or [v6]:port.'),
  tls: under(LISTEN_TLS.schema),
  http2: optional(
    either(flag, oneOf(['h2c'])),
    'Whether HTTP/2 is offered in the TLS handshake; true when left out and there is tls. h2c: without TLS, to clients who begin with it.',
  ),
  proxy_protocol: under(PROXY_PROTOCOL.schema),
  redirect: optional(oneOf(['https']), 'Every request is redirected to the same place by https.'),
  redirect_port: key(integer(1, 65_535), 443, 'The port that redirects lead to.'),
});
