import { type GamedayFigures, type GamedaySample, type GamedayTimes, gamedayFigures } from '../demo/gameday-report.ts';
import type { GamedayAction, GamedayScript } from '../demo/gameday-script.ts';
import type { EdgeSide } from '../demo/gameday-table.ts';
import { Origins } from '../demo/origins.ts';
import { DEMO_REGIONS } from '../demo/regions.ts';
import { TARGETS } from '../demo/target.ts';
import { Traffic } from '../demo/traffic.ts';
import { monotonicMs, systemClock, systemRandom, systemSleep } from '../table/system-clock.ts';
import { type DemoEdge, startDemoEdge } from './demo-edge.ts';

/** Before the first phase: connections are made, health is found out. Its requests count for the goal, not for quantiles. */
const SETTLE_MS = 3000;
/** At the end, requests that are on their way are given this long. */
const GRACE_MS = 5000;
const WATCH_MS = 100;
/** Experiments run in the script's own time; the guard watches over them as it does anywhere. */
const CHAOS_YAML = 'chaos: { enabled: true }';

export type GamedayRun = {
  readonly script: GamedayScript;
  /** The script's times are divided by it; the edge's own, such as those of breakers and checks, are not. */
  readonly speed: number;
  readonly signal: AbortSignal;
  /** Something was done or seen, so long after the beginning. */
  readonly say: (atMs: number, what: string) => void;
  readonly report: (figures: GamedayFigures, edge: EdgeSide) => void;
};

/** Runs a game day against origins, an edge and clients of its own, all on loopback. True when the goal was met. */
export async function runGameday(run: GamedayRun): Promise<boolean> {
  const origins = new Origins(DEMO_REGIONS, () => 0);
  await origins.start();
  try {
    const edge = await startDemoEdge(origins.ports(), 0, CHAOS_YAML);
    try {
      return await new Gameday(run, origins, edge).play();
    } finally {
      await edge.stop();
    }
  } finally {
    await origins.stop();
  }
}

class Gameday {
  readonly #run: GamedayRun;
  readonly #origins: Origins;
  readonly #edge: DemoEdge;
  readonly #clock = systemClock(monotonicMs());
  readonly #samples: GamedaySample[] = [];
  readonly #failures = new Map<string, number>();
  readonly #guard: string[] = [];
  #failovers = 0;
  #beganMs = 0;

  constructor(run: GamedayRun, origins: Origins, edge: DemoEdge) {
    this.#run = run;
    this.#origins = origins;
    this.#edge = edge;
    edge.meridian.control.onEvent((event) => {
      if (event.type === 'failed-over') this.#failovers += event.count;
      if (event.type === 'chaos-stopped' && event.reason === 'guard') this.#guard.push(event.detail);
    });
  }

  async play(): Promise<boolean> {
    const { script, speed } = this.#run;
    const traffic = this.#traffic();
    this.#beganMs = this.#clock.nowMs();
    traffic.start();
    await this.#until(this.#beganMs + SETTLE_MS);
    const beforeMs = this.#clock.nowMs();
    const faultMs = beforeMs + script.beforeMs / speed;
    for (const { atMs, action } of script.steps.toSorted((a, b) => a.atMs - b.atMs)) {
      await this.#until(faultMs + atMs / speed);
      if (!this.#run.signal.aborted) this.#say(await this.#do(action));
    }
    const afterMs = faultMs + script.duringMs / speed;
    await this.#until(afterMs);
    await this.#putRight();
    const endMs = afterMs + script.afterMs / speed;
    const backMs = await this.#watch(afterMs, endMs);
    await traffic.stop(GRACE_MS);
    return this.#tell({ beforeMs, faultMs, afterMs, endMs }, backMs);
  }

  #tell(times: GamedayTimes, backMs: number | undefined): boolean {
    const { script, signal, report } = this.#run;
    const figures = gamedayFigures(this.#samples, times);
    const edge: EdgeSide = { failovers: this.#failovers, backMs, guard: this.#guard, failures: this.#failures };
    report(figures, edge);
    return figures.availability >= script.goal && !signal.aborted;
  }

  #traffic(): Traffic {
    return new Traffic({
      host: '127.0.0.1',
      port: this.#edge.meridian.edge.port,
      rate: this.#run.script.rate,
      clock: this.#clock,
      random: systemRandom,
      onFailure: (reason) => this.#failures.set(reason, (this.#failures.get(reason) ?? 0) + 1),
      onEnd: (sample) => this.#samples.push(sample),
    });
  }

  async #do(action: GamedayAction): Promise<string> {
    const { chaos } = this.#edge.meridian;
    switch (action.type) {
      case 'origins':
        return this.#origins.apply(action.verb, action.target);
      case 'start': {
        const started = chaos.start({ experiment: action.experiment, forMs: action.experiment.forMs, by: 'api' });
        if ('error' in started) throw new Error(`${action.experiment.name} does not start: ${started.error}`);
        return `the experiment ${action.experiment.name} starts`;
      }
      case 'stop':
        chaos.stop(action.name, 'operator', 'the script says so');
        return `the experiment ${action.name} ends`;
      default:
        return action satisfies never;
    }
  }

  async #putRight(): Promise<void> {
    const { chaos } = this.#edge.meridian;
    for (const { experiment } of chaos.running) chaos.stop(experiment.name, 'operator', 'the fault is over');
    await Promise.all(
      TARGETS.filter(({ ids }) => ids.length === 1).map((target) => this.#origins.apply('revive', target)),
    );
    this.#say('everything is put right');
  }

  /** Watches until the end; says when every endpoint was healthy again with its breaker closed. */
  async #watch(afterMs: number, endMs: number): Promise<number | undefined> {
    let backMs: number | undefined;
    while (this.#clock.nowMs() < endMs && !this.#run.signal.aborted) {
      const { endpoints } = this.#edge.meridian.status();
      const well = endpoints.every(({ state, breaker }) => state === 'healthy' && breaker === 'closed');
      if (well) backMs ??= this.#clock.nowMs() - afterMs;
      else backMs = undefined;
      await this.#until(Math.min(endMs, this.#clock.nowMs() + WATCH_MS));
    }
    return backMs;
  }

  #until(atMs: number): Promise<void> {
    return systemSleep(Math.max(0, atMs - this.#clock.nowMs()), this.#run.signal);
  }

  #say(what: string): void {
    this.#run.say(this.#clock.nowMs() - this.#beganMs, what);
  }
}
