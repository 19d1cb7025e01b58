import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** Certificates as a test wants them, made in this process: any names, any dates, any authority. */
export type Issued = {
  readonly cert: string;
  readonly key: string;
  readonly subject: string;
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
};

export type Wanted = {
  readonly subject?: string;
  readonly names?: readonly string[];
  readonly keyType?: 'ec' | 'rsa';
  readonly ca?: boolean;
  /** In days from now. */
  readonly from?: number;
  readonly to?: number;
  /** Who signs it; itself when left out. */
  readonly by?: Issued;
  /** By which its issuer's key is known, in hexadecimal; left out as a rule. */
  readonly issuerKey?: string;
  /** The keys of another certificate. */
  readonly keys?: Issued['keys'];
};

const DAY_MS = 86_400_000;

/** Makes a certificate and its key. */
export function issue({
  subject = 'test',
  names = [],
  keyType = 'ec',
  ca = false,
  from = -1,
  to = 30,
  by,
  issuerKey,
  keys: given,
}: Wanted = {}): Issued {
  const keys = given ?? newKeys(keyType);
  const name = (common: string) => sequence(set(sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(common)))));
  const signer = by?.keys.privateKey ?? keys.privateKey;
  const algorithm = algorithmOf(signer);
  const extensions = [
    sequence(
      oid('2.5.29.19'),
      tagged(1, Buffer.from([255])),
      octets(ca ? sequence(tagged(1, Buffer.from([255]))) : sequence()),
    ),
    ...issuerExtension(issuerKey),
    ...(names.length === 0 ? [] : [sequence(oid('2.5.29.17'), octets(sequence(...names.map(generalName))))]),
  ];
  const toSign = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name(by?.subject ?? subject),
    sequence(time(from), time(to)),
    name(subject),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const der = sequence(toSign, algorithm, tagged(3, Buffer.concat([Buffer.from([0]), sign('sha256', toSign, signer)])));
  return {
    cert: pem(der),
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    subject,
    keys,
  };
}

function issuerExtension(key: string | undefined): readonly Buffer[] {
  if (key === undefined) return [];
  return [sequence(oid('2.5.29.35'), octets(sequence(tagged(0x80, Buffer.from(key, 'hex')))))];
}

function algorithmOf(signer: KeyObject): Buffer {
  const isRsa = signer.asymmetricKeyType === 'rsa';
  return isRsa ? sequence(oid('1.2.840.113549.1.1.11'), tagged(5)) : sequence(oid('1.2.840.10045.4.3.2'));
}

function newKeys(type: 'ec' | 'rsa'): Issued['keys'] {
  return type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function generalName(name: string): Buffer {
  if (isIP(name) === 4) return tagged(0x87, Buffer.from(name.split('.').map(Number)));
  return tagged(0x82, Buffer.from(name));
}

/** GeneralizedTime, to the second. */
function time(days: number): Buffer {
  const text = new Date(Date.now() + days * DAY_MS).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return tagged(0x18, Buffer.from(text));
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 127];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128);
    bytes.push(...groups);
  }
  return tagged(6, Buffer.from(bytes));
}

const sequence = (...parts: readonly Buffer[]) => tagged(0x30, Buffer.concat(parts));
const set = (...parts: readonly Buffer[]) => tagged(0x31, Buffer.concat(parts));
const octets = (bytes: Buffer) => tagged(4, bytes);
const integer = (bytes: Buffer) => tagged(2, bytes);

function tagged(tag: number, content: Buffer = Buffer.alloc(0)): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
