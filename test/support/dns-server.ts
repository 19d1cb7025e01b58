import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A record of the test's own name server. */
export type DnsRecord =
  | { readonly type: 'A' | 'AAAA'; readonly address: string; readonly ttl: number }
  | {
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
      readonly ttl: number;
    };

/** What the server says to a question: records, a refusal, or nothing at all. */
export type DnsReply = readonly DnsRecord[] | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'silence';

const TYPES: Readonly<Record<string, number>> = { A: 1, AAAA: 28, SRV: 33 };
const CODES: Readonly<Record<string, number>> = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };

/** A real name server over UDP on loopback, as much of one as tests need (RFC 1035 §4, RFC 2782). */
export class DnsServer {
  /** Replies by `TYPE name`, in lower case; what is not in here is NXDOMAIN, or empty if the name has another type. */
  readonly zone = new Map<string, DnsReply>();
  /** Questions that came, as `TYPE name`. */
  readonly asked: string[] = [];
  readonly #socket: Socket = createSocket('udp4');

  static async start(): Promise<DnsServer> {
    const server = new DnsServer();
    server.#socket.on('message', (message, from) => server.#answer(message, from));
    server.#socket.bind(0, '127.0.0.1');
    await once(server.#socket, 'listening');
    return server;
  }

  /** As `Resolver.setServers` takes it. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async stop(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #answer(message: Buffer, from: RemoteInfo): void {
    const { name, type, end } = readQuestion(message);
    this.asked.push(`${type} ${name}`);
    const reply = this.zone.get(`${type} ${name}`) ?? this.#nothing(name);
    if (reply === 'silence') return;
    const records = typeof reply === 'string' ? [] : reply;
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580 | (typeof reply === 'string' ? (CODES[reply] as number) : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const packet = Buffer.concat([header, message.subarray(12, end), ...records.map(writeRecord)]);
    this.#socket.send(packet, from.port, from.address);
  }

  #nothing(name: string): DnsReply {
    return [...this.zone.keys()].some((key) => key.endsWith(` ${name}`)) ? [] : 'NXDOMAIN';
  }
}

function readQuestion(message: Buffer): { name: string; type: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  const code = message.readUInt16BE(at + 1);
  const type = Object.keys(TYPES).find((name) => TYPES[name] === code) ?? String(code);
  return { name: labels.join('.'), type, end: at + 5 };
}

function writeRecord(record: DnsRecord): Buffer {
  const data = dataOf(record);
  const head = Buffer.alloc(12);
  // A pointer to the question's name, at the twelfth byte.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(TYPES[record.type] as number, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(record.ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(record: DnsRecord): Buffer {
  if (record.type !== 'SRV') {
    return record.type === 'A' ? Buffer.from(record.address.split('.').map(Number)) : ipv6Bytes(record.address);
  }
  const numbers = Buffer.alloc(6);
  numbers.writeUInt16BE(record.priority, 0);
  numbers.writeUInt16BE(record.weight, 2);
  numbers.writeUInt16BE(record.port, 4);
  return Buffer.concat([numbers, writeName(record.target)]);
}

function writeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`)),
    Buffer.of(0),
  ]);
}

/** Only the `a:b::c` form with one `::`, or with all eight groups. */
function ipv6Bytes(address: string): Buffer {
  const [left = '', right] = address.split('::');
  const groups = (text: string): string[] => text.split(':').filter((group) => group !== '');
  const [before, after] = [groups(left), groups(right ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
