import type { Summary } from './figures.ts';
import type { Line } from './table.ts';

/** What a line must not exceed. Shares are 0 to 1, times in ms; `mean` and `p99` are over the oracle's. */
type Goal = {
  readonly mean?: number;
  readonly p99?: number;
  readonly failed?: number;
  readonly failedGet?: number;
  /** Over the oracle's, which is what nobody could have avoided. */
  readonly failedMore?: number;
  readonly failedMs?: number;
  readonly overMs?: number;
  readonly slow?: number;
  readonly abroad?: number;
  readonly kept?: number;
  readonly awayMs?: number;
  readonly backMs?: number;
  readonly waver?: number;
};

const CALM: Goal = { mean: 1.05, p99: 1.1, failed: 0, waver: 1.5 };
const FULL: Goal = { mean: 1.15, p99: 1.3, failed: 0 };
const REGION: Goal = {
  mean: 1.08,
  p99: 1.2,
  failedGet: 0,
  failed: 0.0001,
  slow: 0.0005,
  awayMs: 2000,
  backMs: 30_000,
};
const ERRORS: Goal = { mean: 1.15, p99: 1.2, failedGet: 0, kept: 0.02, backMs: 60_000 };

/** With the default weights. A scenario that is not here has none. */
const GOALS: Readonly<Record<string, Goal>> = {
  day: CALM,
  peak: CALM,
  '95 %': FULL,
  'one edge at 95 %': FULL,
  'surge to 120 %': { failedMore: 0.005 },
  'region silent': REGION,
  'region refused': REGION,
  'cloud silent': { ...REGION, mean: 1.12 },
  'region +800 ms': { mean: 1.15, p99: 1.2, failed: 0, kept: 0.02 },
  'region 10 % errors': ERRORS,
  'region 50 % errors': ERRORS,
  'flash crowd × 3': { mean: 1.06, p99: 1.1, failed: 0 },
  'capacity × ½': { mean: 1.1, failed: 0 },
  'capacity × 2': { mean: 1.1, failed: 0 },
  'capacity × 10': { mean: 1.2, failed: 0 },
  'all return': { failedMs: 1000, overMs: 1000 },
};

const BY_PRIORITY: Readonly<Record<string, Goal>> = {
  latency: { ...CALM, mean: 1.02 },
  reliability: { ...CALM, mean: 1.25, abroad: 0.15 },
};

/** How much worse a fleet may be than the same edges alone. */
const FLEET_MORE = 1.02;

/** What the product's lines miss, one text for each figure; the worst of the seeds counts. */
export function missedGoals(lines: readonly Line[], priority: string | undefined): readonly string[] {
  return lines
    .filter(({ who }) => who.startsWith('Meridian'))
    .flatMap((line) => {
      const goal = goalOf(line.scenario, priority);
      const missed = Object.entries(goal).flatMap(([name, most]) => {
        const worst = Math.max(
          ...line.summaries.map((summary, at) => valueOf(name as keyof Goal, summary, line.oracles[at])),
        );
        return worst > most ? [`${name} ${Number(worst.toPrecision(4))} of at most ${most}`] : [];
      });
      const all = [...missed, ...worseThanAlone(line, lines)];
      return all.length === 0 ? [] : [`${line.scenario}, ${line.who}, ${line.rate} a second: ${all.join(', ')}`];
    });
}

function goalOf(scenario: string, priority: string | undefined): Goal {
  const isCalm = scenario === 'day' || scenario === 'peak';
  return (isCalm ? BY_PRIORITY[priority ?? ''] : undefined) ?? GOALS[scenario] ?? {};
}

function valueOf(name: keyof Goal, summary: Summary, oracle: Summary | undefined): number {
  switch (name) {
    case 'mean':
      return summary.meanMs / (oracle?.meanMs ?? Number.NaN);
    case 'p99':
      return summary.p99Ms / (oracle?.p99Ms ?? Number.NaN);
    case 'failedMore':
      return summary.failed - (oracle?.failed ?? Number.NaN);
    default:
      return summary[name];
  }
}

function worseThanAlone(line: Line, lines: readonly Line[]): readonly string[] {
  if (line.who !== 'Meridian, fleet') return [];
  const alone = lines.find(
    ({ who, scenario, rate, endpoints }) =>
      who === 'Meridian' && scenario === line.scenario && rate === line.rate && endpoints === line.endpoints,
  );
  const over = (summaries: Line['summaries']) => summaries.reduce((sum, { meanMs }) => sum + meanMs, 0);
  if (alone === undefined) return [];
  const ratio = over(line.summaries) / over(alone.summaries);
  return ratio > FLEET_MORE ? [`mean over that of the edges alone ${ratio.toFixed(3)} of at most ${FLEET_MORE}`] : [];
}
