import { PassThrough, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplayBody } from '../../../../src/edge/general/replay-body.ts';

/** A source that the test pushes into. */
function source(): Readable {
  return new Readable({ read() {} });
}

function planOf(length: number | undefined, keepBytesMax: number) {
  return { length, keepBytesMax, passed: () => {} };
}

/** One attempt with a connection of its own, which takes everything unless it is `full`. */
class Attempt {
  readonly socket = new PassThrough({ highWaterMark: 1e9 });
  hasUpstream = true;
  full = false;
  fed: string[] = [];

  feed(piece: Buffer): boolean {
    this.fed.push(piece.toString('latin1'));
    this.socket.write(piece);
    return !this.full;
  }

  /** All that has left for its endpoint. */
  get text(): string {
    let text = '';
    for (;;) {
      const piece = this.socket.read() as Buffer | null;
      if (piece === null) return text;
      text += piece.toString('latin1');
    }
  }

  begin(body: ReplayBody): this {
    body.sendTo(this, this.socket as never, 'HEAD ');
    if (!body.ended) body.want();
    return this;
  }
}

/** Lets streams come to rest. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await turn();
}

test('what came along with the head leaves together with it, and the rest as it comes', async () => {
  const from = source();
  from.push('hello ');
  const body = new ReplayBody(from, planOf(11, 100));
  const one = new Attempt();
  body.sendTo(one, one.socket as never, 'HEAD ');
  expect(one.socket.writableCorked).toBe(1);
  body.want();
  await settle();
  expect([one.socket.writableCorked, one.text, body.ended]).toEqual([0, 'HEAD hello ', false]);
  from.push('world');
  from.push(null);
  await settle();
  expect([one.text, body.ended, from.readableEnded]).toEqual(['world', true, true]);
});

test('a body that came in chunks goes out in chunks', async () => {
  const from = Readable.from([Buffer.from('a'.repeat(17)), Buffer.from('b')]);
  const one = new Attempt().begin(new ReplayBody(from, planOf(undefined, 100)));
  await settle();
  expect(one.text).toBe(`HEAD 11\r\n${'a'.repeat(17)}\r\n1\r\nb\r\n0\r\n\r\n`);
});

test('an empty body in chunks is its last one', async () => {
  const body = new ReplayBody(Readable.from([]), planOf(undefined, 10));
  const one = new Attempt().begin(body);
  await settle();
  expect([one.text, body.ended]).toEqual(['HEAD 0\r\n\r\n', true]);
});

test('exactly as much as may be kept is kept, and one byte more is not', async () => {
  for (const [text, replayable] of [
    ['abcd', true],
    ['abcde', false],
  ] as const) {
    const from = source();
    const body = new ReplayBody(from, planOf(20, 4));
    new Attempt().begin(body);
    from.push(text);
    await settle();
    expect(body.replayable).toBe(replayable);
  }
});

test('what nobody has been sent yet is kept in any case', async () => {
  const from = source();
  const body = new ReplayBody(from, planOf(10, 4));
  const first = new Attempt().begin(body);
  first.hasUpstream = false;
  first.full = true;
  from.push('abcdef');
  await settle();
  expect([body.replayable, from.isPaused()]).toEqual([true, true]);
  const second = new Attempt().begin(body);
  from.push('ghij');
  await settle();
  expect([second.text, body.replayable]).toEqual(['HEAD abcdefghij', false]);
});

test('whatever the pieces, and wherever attempts are cut off, the last attempt has the whole body', async () => {
  const pieces = fc.array(fc.string({ minLength: 1, maxLength: 9, unit: 'binary-ascii' }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.array(fc.nat(12), { maxLength: 4 }), async (parts, cuts) => {
      const from = source();
      const text = parts.join('');
      const body = new ReplayBody(from, planOf(text.length, 1000));
      let last = new Attempt().begin(body);
      for (const [i, part] of parts.entries()) {
        from.push(Buffer.from(part, 'latin1'));
        if (!cuts.includes(i)) continue;
        await turn();
        last = new Attempt().begin(body);
      }
      from.push(null);
      await settle();
      expect(last.text).toBe(`HEAD ${text}`);
      expect(body.replayable).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('the source waits while an attempt takes no more, and when nobody wants it', async () => {
  const from = source();
  const body = new ReplayBody(from, planOf(100, 10));
  await settle();
  expect(from.isPaused()).toBe(true);
  const one = new Attempt().begin(body);
  one.full = true;
  from.push('abc');
  await settle();
  expect([one.fed, from.isPaused()]).toEqual([['abc'], true]);
  from.push('def');
  await settle();
  expect(one.fed).toEqual(['abc']);
  body.want();
  await settle();
  expect(one.fed).toEqual(['abc', 'def']);
  one.full = false;
  body.want();
  body.rest();
  from.push('ghi');
  await settle();
  expect([one.fed, from.isPaused()]).toEqual([['abc', 'def'], true]);
});

test('a client that breaks off leaves a body that no other attempt gets', async () => {
  const from = source();
  const body = new ReplayBody(from, planOf(undefined, 100));
  const one = new Attempt().begin(body);
  from.push('abc');
  await settle();
  body.giveUp();
  await settle();
  expect([body.replayable, body.ended, one.fed]).toEqual([false, false, ['3\r\nabc\r\n']]);
});

test('every byte that comes is told of once', async () => {
  let passed = 0;
  const body = new ReplayBody(Readable.from([Buffer.from('abc'), Buffer.from('de')]), {
    length: 5,
    keepBytesMax: 1,
    passed: (bytes) => {
      passed += bytes;
    },
  });
  new Attempt().begin(body);
  await settle();
  expect(passed).toBe(5);
});
