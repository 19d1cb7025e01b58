import { expect, vi } from 'vitest';
import { countCell } from '../../src/table/service-cells.ts';
import { OUTCOMES, SLI, TOTALS } from '../../src/table/worker-block.ts';
import type { Rig } from '../support/bare-rig.ts';
import { startRig } from '../support/rig.ts';
import { steadyClock } from '../support/steady-time.ts';
import { type ContractClient, dialH2 } from '../support/wire/h2-client.ts';
import { startH2RecordingOrigin } from '../support/wire/h2-recording-origin.ts';
import { type Normal, normalMessage } from '../support/wire/normal.ts';
import { dialRaw } from '../support/wire/raw-client.ts';
import { OK, type OriginScript, type RecordingOrigin, startRecordingOrigin } from '../support/wire/recording-origin.ts';
import { Spelling } from '../support/wire/spelling.ts';
import type { Front } from './engines.ts';

/** Where a scenario plays: an edge with one engine, an origin in each cloud that it may be sent to, and clients. */
export type Stage = {
  readonly front: Front;
  readonly rig: Rig;
  /** One an endpoint, in the order of `clouds`. */
  readonly origins: readonly RecordingOrigin[];
  readonly origin: RecordingOrigin;
  readonly clients: ContractClient[];
  /** `methods` of the requests that will be sent on it. */
  readonly client: (...methods: string[]) => Promise<ContractClient>;
  readonly spelling: Spelling;
};

export type Setting = {
  /** Lines inside the service. */
  readonly service?: string;
  /** More of the `edge` block: `, trust_proxies: [loopback]`. */
  readonly edge?: string;
  /** One an endpoint; in aws, then gcp, then azure. One that answers `ok` when not said. */
  readonly origins?: readonly Partial<OriginScript>[];
  /** The edge goes by the steady clock, as what the scenario waits for does: how busy the machine is decides nothing. Not for ladders, whose steps go by the runtime's timers. */
  readonly steady?: boolean;
};

const PLACES = ['aws, region: us-east-1', 'gcp, region: europe-west1', 'azure, region: japaneast'];

export async function startStage(
  front: Front,
  { service = '', edge = '', origins = [{}], steady = false }: Setting,
): Promise<Stage> {
  const spelling = new Spelling();
  const byH2 = front.origin === 'HTTP/2';
  const start = byH2 ? startH2RecordingOrigin : startRecordingOrigin;
  const started = await Promise.all(origins.map((script) => start(spelled({ answer: OK, ...script }, spelling))));
  const protocol = byH2 ? ', protocol: h2c' : '';
  const endpoints = started.map(
    ({ port }, i) => `      - { cloud: ${PLACES[i]}, url: "http://127.0.0.1:${port}"${protocol} }`,
  );
  const listen =
    front.client === 'HTTP/2' ? 'listeners: [{ listen: "127.0.0.1:0", http2: h2c }]' : 'listen: "127.0.0.1:0"';
  const rig = await startRig(
    `version: 1
edge: { id: test, region: aws/us-east-1, ${listen}, accelerator: ${front.engine}${edge} }
services:
  shop:
${service}
    endpoints:
${endpoints.join('\n')}
`,
    steady ? { clock: steadyClock } : {},
  );
  const clients: ContractClient[] = [];
  const client = async (...methods: string[]): Promise<ContractClient> => {
    const dialled = front.client === 'HTTP/2' ? await dialH2(rig.port) : await dialRaw(rig.port, methods);
    const write = dialled.write.bind(dialled);
    dialled.write = (text) => {
      spelling.learnFrom(text);
      write(text);
    };
    clients.push(dialled);
    return dialled;
  };
  return { front, rig, origins: started, origin: started[0] as RecordingOrigin, clients, client, spelling };
}

/** The script, whose spelling is learned from what it writes. */
function spelled(script: OriginScript, spelling: Spelling): OriginScript {
  return {
    ...script,
    connected: (connection, nth) => {
      for (const verb of ['write', 'answer', 'finish'] as const) {
        const say = connection[verb].bind(connection);
        connection[verb] = (text) => {
          spelling.learnFrom(text);
          say(text);
        };
      }
      script.connected?.(connection, nth);
    },
  };
}

/** What a scenario came to, without what may differ between engines. */
export type Observation = {
  /** Whole requests, by origin. */
  readonly origins: readonly (readonly Normal[])[];
  readonly clients: readonly {
    readonly answers: readonly Normal[];
    readonly ending: ContractClient['ending'];
    readonly rest: string;
  }[];
  readonly records: readonly string[];
  readonly cells: Readonly<Record<string, number>>;
};

/**
 * Looks at a stage after its scenario. Whatever the scenario was, these hold by now or soon: no permit is out, no connection to
 * an origin is in the middle of anything, and what origins and clients read was valid to the letter.
 */
export async function observe(stage: Stage): Promise<Observation> {
  const { rig, clients, front, spelling } = stage;
  const seen = clients.map(({ messages, ending, reader }) => {
    expect(reader.problem, 'what a client read').toBeUndefined();
    const answers = messages.map(normalMessage);
    return {
      answers: isPlain(front) ? answers : answers.map((one) => spelling.normal(one)),
      ending,
      rest: reader.rest,
    };
  });
  for (const { socket } of clients) socket.destroy();
  await settled(stage);
  return {
    origins: stage.origins.map(({ requests }) => {
      // How often endpoints are checked meanwhile is a matter of time, and no engine's.
      const normal = requests.map(normalMessage).filter(({ headers }) => !headers.includes(CHECKER));
      return isPlain(front) ? normal : normal.map((one) => spelling.normal(one));
    }),
    clients: seen,
    records: rig.records.map(recordLine).sort(),
    cells: cellsOf(rig),
  };
}

/** By this line a health check is known. */
const CHECKER = 'user-agent: meridian-health';

/** Whether names keep their capitals all the way. */
function isPlain({ client, origin }: Front): boolean {
  return client === 'HTTP/1.1' && origin === 'HTTP/1.1';
}

/** Waits until nothing is in flight any more, on either side. */
export async function settled({ rig, origins }: Pick<Stage, 'rig' | 'origins'>): Promise<void> {
  await vi.waitFor(() => {
    expect(
      [...rig.table.live.inFlight].filter((count) => count !== 0),
      'permits that are out',
    ).toEqual([]);
    expect(
      [...rig.block.inFlight].filter((count) => count !== 0),
      'permits of this thread',
    ).toEqual([]);
    expect(rig.block.openStreams[0], 'open streams').toBe(0);
    expect(origins.flatMap(({ connections }) => connections.filter(isBusy)).length, 'busy connections').toBe(0);
  }, WAIT);
  for (const { reader } of origins.flatMap(({ connections }) => connections)) {
    expect(reader.problem, 'what an origin read').toBeUndefined();
  }
}

const WAIT = { timeout: 5000, interval: 10 };

function isBusy({ closed, reader, requests, answered }: RecordingOrigin['connections'][number]): boolean {
  return !closed && (reader.inside || requests.length > answered);
}

function recordLine({ method, target, status, how, attempts }: Rig['records'][number]): string {
  const tries = attempts.map(({ endpoint, outcome, status: said }) => `${endpoint.split('/')[1]} ${outcome} ${said}`);
  return `${method} ${target.slice(0, 80)} ${status} ${how} [${tries.join(', ')}]`;
}

/** The counters that metrics are made of, by name, without zeros and without times. */
function cellsOf({ block }: Rig): Record<string, number> {
  const sum = (column: Float64Array): number => column.reduce((total, cell) => total + cell, 0);
  const cells: Record<string, number> = {
    success: sum(block.requestsSuccess),
    error: sum(block.requestsError),
    durations: sum(block.durations),
    'first bytes': sum(block.firstByteCount),
    // A hand-over is what the two differ in.
    ...named(TOTALS, block.totals.with(TOTALS.indexOf('unread-hand-over'), 0), 'total'),
    ...named(
      ALIKE,
      Float64Array.from(ALIKE, (count) => block.services[countCell(count)] as number),
      'service',
    ),
    ...named(OUTCOMES, block.outcomes, 'outcome'),
    ...named(SLI, block.sli, 'sli'),
  };
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== 0));
}

/** Cells of a column that has one a name, or rows of those. */
function named(names: readonly string[], column: Float64Array, kind: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [i, value] of column.entries()) {
    const key = `${kind} ${names[i % names.length]}`;
    counts[key] = (counts[key] ?? 0) + value;
  }
  return counts;
}

/** What both engines count alike for a service. */
const ALIKE = ['retry', 'client-gone'] as const;
