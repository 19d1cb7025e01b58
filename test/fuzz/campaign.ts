import { type BareRig, startBareRig } from '../support/bare-rig.ts';
import { type Conversation, converse, type Heard } from './conversation.ts';
import { type Arrival, startFuzzOrigin } from './fuzz-origin.ts';

/** One side of the protocol under fire: cases, the origin's part in them, and what must have come of each. */
export type Side = {
  readonly name: 'requests' | 'answers';
  /** What the client does in a case. */
  readonly script: (seed: number, nth: number) => Omit<Conversation, 'port'>;
  readonly arrived: (arrival: Arrival) => void;
  /** What is wrong with what was heard; undefined if nothing is. Called once a case, when its connection has ended. */
  readonly judge: (nth: number, heard: Heard) => string | undefined;
};

export type Order = {
  readonly engine: 'on' | 'off';
  readonly seed: number;
  readonly from: number;
  readonly cases: number;
};
export type Outcome = { readonly failures: readonly string[]; readonly requests: number; readonly tookMs: number };

/** Conversations that are had at the same time. */
const LANES = 96;
/** After so many failures a campaign is given up. */
const FAILURES_MAX = 10;
const SETTLE_MS_MAX = 8000;

/** Runs cases against an edge of its own. A failure says how to have the case again. */
export async function campaign(side: Side, { engine, seed, from, cases }: Order): Promise<Outcome> {
  const failures: string[] = [];
  let requests = 0;
  const fail = (nth: number | undefined, what: string, more = ''): void => {
    const again = nth === undefined ? '' : ` --case ${nth}`;
    failures.push(`${side.name}, accelerator ${engine}, --seed ${seed}${again}: ${what}${more}`);
  };
  const origin = await startFuzzOrigin(
    (arrival) => {
      requests += 1;
      side.arrived(arrival);
    },
    (what) => fail(undefined, what),
  );
  const rig = await startBareRig(edgeYaml(engine, origin.port), { unrecorded: true });
  const startMs = performance.now();
  let next = from;
  const lane = async (): Promise<void> => {
    while (next < from + cases && failures.length < FAILURES_MAX) {
      const nth = next;
      next += 1;
      const conversation = side.script(seed, nth);
      const heard = await converse({ ...conversation, port: rig.port });
      const wrong = side.judge(nth, heard);
      if (wrong !== undefined) fail(nth, wrong, `\n  sent ${JSON.stringify(conversation.pieces)}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, cases) }, lane));
  const tookMs = performance.now() - startMs;
  const left = await leftOver(rig, origin.busy);
  if (left !== undefined) fail(undefined, left);
  await rig.stop();
  await origin.stop();
  return { failures, requests, tookMs };
}

/** What has not been given back after the last case; undefined when all has. */
async function leftOver({ table, block, edge }: BareRig, busy: () => number): Promise<string | undefined> {
  const giveUpMs = performance.now() + SETTLE_MS_MAX;
  for (;;) {
    edge.listener.writeLevels();
    const left = {
      permits: [...table.live.inFlight].reduce((sum, count) => sum + Math.abs(count), 0),
      'client connections': block.connections[0] ?? 0,
      streams: block.openStreams[0] ?? 0,
      'requests at the origin': busy(),
    };
    if (Object.values(left).every((count) => count === 0)) return undefined;
    if (performance.now() > giveUpMs) return `left over: ${JSON.stringify(left)}`;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Three endpoints that are one, so that there is always another attempt; and nothing that would be remembered of a failure. */
function edgeYaml(engine: 'on' | 'off', port: number): string {
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", accelerator: ${engine}, head_timeout: 3s }
services:
  shop:
    retries: { budget: 100%, budget_floor: 1000 }
    breakers: { failures: 200 }
    timeouts: { patience: off, first_byte: 4s, idle: 2s }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }
      - { cloud: gcp, region: us-east4, url: "http://127.0.0.1:${port}" }
      - { cloud: azure, region: eastus, url: "http://127.0.0.1:${port}" }
`;
}
