import { describe, expect, test } from 'vitest';
import { type Message, valuesOf } from '../support/wire/message-reader.ts';
import { normalMessage } from '../support/wire/normal.ts';
import { turns } from '../support/wire/raw-client.ts';
import type { OriginConnection } from '../support/wire/recording-origin.ts';
import { contract, told } from './contract.ts';
import { ENGINES, plainFront } from './engines.ts';
import { observe, startStage } from './stage.ts';

/** Messages that are cut in two at every byte; each half is written and read before the next. */
const REQUESTS = {
  'without a body': 'GET /s?a=1 HTTP/1.1\r\nHost: a\r\nX-A: b c\r\n\r\n',
  'with a length': 'POST /s HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'in chunks, with a trailer':
    'POST /s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x="y"\r\nhel\r\n2\r\nlo\r\n0\r\nX-T: 1\r\n\r\n',
  'two of them': 'POST /s HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /s2 HTTP/1.1\r\nHost: a\r\n\r\n',
};
const ANSWERS = {
  'with a length': 'HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\n\r\nhello',
  'in chunks, with a trailer':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x="y"\r\nhel\r\n2\r\nlo\r\n0\r\nX-T: 1\r\n\r\n',
  'after a hint': 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'without a body': 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: "e"\r\n\r\n',
};

describe.each(ENGINES)('accelerator %s', (engine) => {
  test.each(Object.entries(REQUESTS))('a request %s may be cut anywhere', async (_, bytes) => {
    const stage = await startStage(plainFront(engine), { origins: [{ answer: echo }] });
    const expected = bytes.includes('/s2') ? 2 : 1;
    const forms = new Set<string>();
    for (let at = 0; at < bytes.length; at += 1) {
      const before = stage.origin.requests.length;
      const client = await stage.client();
      await client.writeApart([bytes.slice(0, at), bytes.slice(at)]);
      await client.answered(expected);
      const came = stage.origin.requests.slice(before).map(normalMessage);
      forms.add(JSON.stringify([came, client.messages.map(normalMessage), client.ending]));
      client.socket.destroy();
    }
    expect([...forms].slice(1)).toEqual([]);
    expect(stage.origin.requests).toHaveLength(bytes.length * expected);
    expect((await observe(stage)).cells).toMatchObject({ success: bytes.length * expected });
  });

  test('a request may come byte by byte', async () => {
    const stage = await startStage(plainFront(engine), { origins: [{ answer: echo }] });
    for (const bytes of Object.values(REQUESTS)) {
      const client = await stage.client();
      await client.writeApart(bytes.split(''));
      await client.answered(bytes.includes('/s2') ? 2 : 1);
      expect(client.answers[0]?.body).toMatch(/^(?:GET|POST) \/s/);
    }
    expect((await observe(stage)).cells).toMatchObject({ success: 5, 'sli good': 5 });
  });

  test.each(Object.entries(ANSWERS))('an answer %s may be cut anywhere', async (_, bytes) => {
    const cut = async ({ headers }: Message, to: OriginConnection): Promise<void> => {
      const at = Number(valuesOf(headers, 'x-at')[0]);
      to.write(bytes.slice(0, at));
      await turns(3);
      to.answer(bytes.slice(at));
    };
    const stage = await startStage(plainFront(engine), {
      origins: [{ answer: (request, to) => void cut(request, to) }],
    });
    const client = await stage.client();
    const forms = new Set<string>();
    for (let at = 1; at < bytes.length; at += 1) {
      const before = client.messages.length;
      client.write(`GET / HTTP/1.1\r\nHost: a\r\nX-At: ${at}\r\n\r\n`);
      await client.answered(at);
      forms.add(JSON.stringify(client.messages.slice(before).map(normalMessage)));
    }
    expect([...forms].slice(1)).toEqual([]);
    expect((await observe(stage)).cells).toMatchObject({ success: bytes.length - 1 });
  });
});

function echo({ start, body }: Message, connection: OriginConnection): void {
  const text = `${start} ${body}`;
  connection.answer(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;

contract('pipelining', [
  {
    name: 'answers come in order, also when the second is ready first',
    origins: [
      {
        answer: (request, to) => {
          if (request.start.startsWith('GET /slow')) setTimeout(() => echo(request, to), 50);
          else echo(request, to);
        },
      },
    ],
    play: get('/slow') + get('/quick') + get('/third'),
    answers: 3,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 GET /slow HTTP/1.1 ', '200 GET /quick HTTP/1.1 ', '200 GET /third HTTP/1.1 ']);
      expect(seen.clients[0]?.ending).toBe('open');
    },
  },
  {
    name: 'a request behind a body',
    origins: [{ answer: echo }],
    play: `POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcPOST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n${get('/3')}`,
    answers: 3,
    expect: (seen) =>
      expect(told(seen)).toEqual(['200 POST /1 HTTP/1.1 abc', '200 POST /2 HTTP/1.1 de', '200 GET /3 HTTP/1.1 ']),
  },
  {
    name: 'thirty of them',
    origins: [{ answer: echo }],
    play: Array.from({ length: 30 }, (_, i) => get(`/${i}`)).join(''),
    answers: 30,
    expect: (seen) => expect(told(seen)).toEqual(Array.from({ length: 30 }, (_, i) => `200 GET /${i} HTTP/1.1 `)),
  },
  {
    name: 'nothing behind a request that closes is answered',
    origins: [{ answer: echo }],
    play: get('/1', 'Connection: close\r\n') + get('/2'),
    answers: 2,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 GET /1 HTTP/1.1 ']);
      expect(seen.clients[0]?.ending).toBe('ended');
    },
  },
  {
    name: 'garbage behind a good request does not take its answer away',
    origins: [{ answer: (request, to) => void setTimeout(() => echo(request, to), 50) }],
    play: `${get('/1')}GARBAGE\r\n\r\n`,
    answers: 2,
    expect: (seen) => {
      expect(told(seen)[0]).toBe('200 GET /1 HTTP/1.1 ');
      expect(seen.clients[0]?.ending).toBe('ended');
    },
  },
  {
    name: 'an error of the first does not cost the second',
    origins: [
      {
        answer: (request, to) =>
          request.start.startsWith('GET /1') ? to.finish('garbage\r\n\r\n') : echo(request, to),
      },
    ],
    service: '    retries: { attempts: 1 }',
    play: get('/1') + get('/2'),
    answers: 2,
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^502 /);
      expect(told(seen)[1]).toBe('200 GET /2 HTTP/1.1 ');
    },
  },
]);
