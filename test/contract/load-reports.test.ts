import { expect } from 'vitest';
import { contract } from './contract.ts';
import type { Observation, Stage } from './stage.ts';

/** Answers whose endpoints say how full they are. */
const said = (name: string, field: string): string =>
  `HTTP/1.1 200 OK\r\nX-Kept: yes\r\n${field}\r\nContent-Length: ${name.length}\r\n\r\n${name}`;
const GET = 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n';
const FIELDS = ['Endpoint-Load-Metrics: TEXT cpu_utilization=0.25', 'x-endpoint-load: 0.5', 'X-Endpoint-Load: full'];
const origins = ['aws', 'gcp', 'azure'].map((name, i) => ({ answer: said(name, FIELDS[i] as string) }));

/** cpu_utilization of 0.1 in the binary form. */
const BINARY = 'CZqZmZmZmbk/';
/** The same behind a body in chunks. */
const behind = (field: string): string =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 42\r\n${field}\r\n\r\n`;
const OF_HEADS_AND_TRAILERS: readonly (readonly [what: string, answer: string, load: number])[] = [
  ['the binary field', said('aws', `endpoint-load-metrics-bin: ${BINARY}`), 0.1],
  ['the binary form', said('aws', `Endpoint-Load-Metrics: BIN ${BINARY}`), 0.1],
  ['text in trailers', behind('Endpoint-Load-Metrics: TEXT cpu_utilization=0.75'), 0.75],
  ['the binary field in trailers', behind(`endpoint-load-metrics-bin: ${BINARY}`), 0.1],
  ['the plain field in trailers', behind('X-Endpoint-Load: 0.5'), 0.5],
  ['bytes that are no report, in trailers', behind('Endpoint-Load-Metrics-Bin: AAAA'), Number.NaN],
];

const headersOf = (seen: Observation): string =>
  seen.clients.flatMap(({ answers }) => answers.map(({ headers }) => headers.join('\n'))).join('\n');

contract('loads that endpoints report', [
  ...FIELDS.map((field, i) => ({
    name: `${field}: is taken down, and goes no further`,
    origins,
    service: '    routing: { load: reported }',
    play: async (stage: Stage) => {
      const names = ['aws', 'gcp', 'azure'];
      for (const name of names) if (name !== names[i]) stage.rig.table.live.drained[stage.rig.row(name)] = 1;
      const client = await stage.client('one');
      client.write(GET);
      await client.answered(1);
      const { loadSum, loadCount } = stage.rig.block;
      const row = stage.rig.row(names[i] as string);
      expect([loadSum[row], loadCount[row]]).toEqual(
        [
          [0.25, 1],
          [0.5, 1],
          [0, 0],
        ][i],
      );
    },
    expect: (seen: Observation) => {
      expect(headersOf(seen)).toMatch(/^x-kept: yes$/im);
      expect(headersOf(seen)).not.toMatch(/endpoint-load/i);
    },
  })),
  ...OF_HEADS_AND_TRAILERS.map(([what, answer, load]) => ({
    name: `${what} is taken down, and goes no further; other trailers do`,
    origins: [{ answer }],
    service: '    routing: { load: reported }',
    play: async (stage: Stage) => {
      const client = await stage.client('GET');
      client.write('GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\nContent-Length: 0\r\n\r\n');
      await client.answered(1);
      const { loadSum, loadCount } = stage.rig.block;
      const row = stage.rig.row('aws');
      const none = Number.isNaN(load);
      expect([loadSum[row], loadCount[row]]).toEqual([none ? 0 : load, none ? 0 : 1]);
    },
    expect: (seen: Observation) => {
      expect(headersOf(seen)).not.toMatch(/endpoint-load/i);
      const { trailers = [] } = seen.clients[0]?.answers[0] ?? {};
      expect(trailers).toEqual(answer.includes('X-Sum: 42') ? ['X-Sum', '42'] : []);
    },
  })),
  {
    name: 'without a word in the file they pass like any other field',
    origins,
    play: async (stage) => {
      const client = await stage.client('one');
      client.write(GET);
      await client.answered(1);
      expect([...stage.rig.block.loadCount].every((count) => count === 0)).toBe(true);
    },
    expect: (seen) => expect(headersOf(seen)).toMatch(/endpoint-load/i),
  },
]);
