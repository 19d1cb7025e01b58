/** The ClientHello of a client that asks for this name; undefined: it has no such extension. `more` are bytes of other extensions. */
export function helloFor(name: string | undefined, more: Buffer = Buffer.alloc(0)): Buffer {
  const sized = (bytes: Buffer, size: 1 | 2 | 3) => Buffer.concat([number(bytes.length, size), bytes]);
  const extension = (type: number, data: Buffer) => Buffer.concat([number(type, 2), sized(data, 2)]);
  const host =
    name === undefined ? [] : [extension(0, sized(Buffer.concat([Buffer.from([0]), sized(Buffer.from(name), 2)]), 2))];
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, 7),
    sized(Buffer.alloc(32, 1), 1),
    sized(Buffer.from([0x13, 0x01]), 2),
    sized(Buffer.from([0]), 1),
    sized(Buffer.concat([more, ...host]), 2),
  ]);
  return Buffer.concat([Buffer.from([1]), sized(body, 3)]);
}

/** A handshake message in records of at most so many bytes. */
export function recordsOf(message: Buffer, bytesMax = 16_384): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += bytesMax) {
    const piece = message.subarray(at, at + bytesMax);
    records.push(Buffer.concat([Buffer.from([22, 3, 1]), number(piece.length, 2), piece]));
  }
  return Buffer.concat(records);
}

function number(value: number, bytes: 1 | 2 | 3): Buffer {
  const made = Buffer.alloc(bytes);
  made.writeUIntBE(value, 0, bytes);
  return made;
}
