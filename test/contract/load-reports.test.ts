import { expect } from 'vitest';
import { contract } from './contract.ts';
import type { Observation, Stage } from './stage.ts';

/** Answers whose endpoints say how full they are. */
const said = (name: string, field: string): string =>
  `HTTP/1.1 200 OK\r\nX-Kept: yes\r\n${field}\r\nContent-Length: ${name.length}\r\n\r\n${name}`;
const GET = 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n';
const FIELDS = ['Endpoint-Load-Metrics: TEXT cpu_utilization=0.25', 'x-endpoint-load: 0.5', 'X-Endpoint-Load: full'];
const origins = ['aws', 'gcp', 'azure'].map((name, i) => ({ answer: said(name, FIELDS[i] as string) }));

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
