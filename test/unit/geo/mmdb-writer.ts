/*
 * Writes small MaxMind-format databases (format version 2, 24-bit records), so that a test can have exactly the records
 * that its trap needs. Strings, doubles, unsigned integers and maps; IPv4 networks in an IPv4 or IPv6 tree.
 */
type Value = string | number | { readonly [key: string]: Value };
type Slot = Branch | Buffer | undefined;
type Branch = [Slot, Slot];

export type Tree = { readonly ipVersion: 4 | 6; readonly type?: string };

export function writeMmdb(networks: Readonly<Record<string, Value>>, { ipVersion, type = 'Test' }: Tree): Buffer {
  const root: Branch = [undefined, undefined];
  for (const [network, value] of Object.entries(networks)) {
    const [address = '', length = '32'] = network.split('/');
    const bits = address
      .split('.')
      .map((octet) => Number(octet).toString(2).padStart(8, '0'))
      .join('')
      .slice(0, Number(length));
    plant(root, `${ipVersion === 6 ? '0'.repeat(96) : ''}${bits}`, encode(value));
  }
  const { tree, data, nodes } = serialise(root);
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: type,
    ip_version: ipVersion,
    node_count: nodes,
    record_size: 24,
  });
  return Buffer.concat([tree, Buffer.alloc(16), data, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), metadata]);
}

function plant(root: Branch, bits: string, record: Buffer): void {
  let at = root;
  for (const bit of bits.slice(0, -1)) {
    const next = at[bit === '1' ? 1 : 0];
    const branch: Branch = Array.isArray(next) ? next : [undefined, undefined];
    at[bit === '1' ? 1 : 0] = branch;
    at = branch;
  }
  at[bits.endsWith('1') ? 1 : 0] = record;
}

function serialise(root: Branch): { tree: Buffer; data: Buffer; nodes: number } {
  const branches: Branch[] = [root];
  for (const branch of branches) branches.push(...branch.filter((slot) => Array.isArray(slot)));
  const tree = Buffer.alloc(branches.length * 6);
  const records: Buffer[] = [];
  let dataBytes = 0;
  for (const [index, branch] of branches.entries()) {
    for (const [side, slot] of branch.entries()) {
      let value = branches.length;
      if (Array.isArray(slot)) value = branches.indexOf(slot);
      else if (slot !== undefined) {
        value = branches.length + 16 + dataBytes;
        dataBytes += slot.length;
        records.push(slot);
      }
      tree.writeUIntBE(value, index * 6 + side * 3, 3);
    }
  }
  return { tree, data: Buffer.concat(records), nodes: branches.length };
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([Buffer.from([0x40 | value.length]), Buffer.from(value)]);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) {
    const bytes = Buffer.alloc(5, 0xc4);
    bytes.writeUInt32BE(value, 1);
    return bytes;
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9, 0x68);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  const entries = Object.entries(value);
  return Buffer.concat([Buffer.from([0xe0 | entries.length]), ...entries.flat().map((part) => encode(part))]);
}
