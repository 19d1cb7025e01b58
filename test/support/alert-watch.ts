import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { ask } from './client.ts';
import { startPrometheus } from './programs.ts';

/** An alert by what it is told apart by: its name, how grave it is, and for what burns, over which window. */
export type AlertName = string;

const RULES = fileURLToPath(new URL('../../config/prometheus/rules.yml', import.meta.url));
/** The rule that compares minutes with the hour before them; here seconds with half a minute. */
const SHORTER: readonly (readonly [string, string])[] = [
  [
    'sum by (service) (rate(meridian_requests_total[10m])) == 0',
    'sum by (service) (rate(meridian_requests_total[3s])) == 0',
  ],
  ['rate(meridian_requests_total[1h] offset 10m)', 'rate(meridian_requests_total[40s] offset 3s)'],
];

/** The shipped rules, in shorter times: nothing has to last before it is told of, and each round comes after a second. */
export function quickRules(): string {
  let rules = readFileSync(RULES, 'utf8')
    .replaceAll(/interval: 30s/g, 'interval: 1s')
    .replaceAll(/^( +)for: \w+$/gm, '$1for: 0s');
  for (const [long, short] of SHORTER) {
    if (rules.split(long).length !== 2) throw new Error(`the rules have no single ${long}`);
    rules = rules.replace(long, short);
  }
  return rules;
}

/** Every alert of the shipped rules. */
export function shippedAlerts(): readonly AlertName[] {
  type Rule = { readonly alert?: string; readonly labels?: Readonly<Record<string, string>> };
  const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] };
  const names = groups.flatMap(({ rules }) =>
    rules.flatMap(({ alert, labels = {} }) => (alert === undefined ? [] : [nameOf(alert, labels)])),
  );
  return [...new Set(names)].toSorted();
}

export type AlertWatch = {
  /** All that has fired until now: by the edges themselves, and by Prometheus. */
  readonly look: () => Promise<{ readonly ours: ReadonlySet<AlertName>; readonly theirs: ReadonlySet<AlertName> }>;
  /** Resolves with the text of `/metrics` of the first edge. */
  readonly metrics: () => Promise<string>;
  /** How many series of this query Prometheus has now. */
  readonly series: (query: string) => Promise<number>;
};

/** A Prometheus with the quick rules that scrapes these edges; ends with the test. */
export async function watchAlerts(
  admins: readonly number[],
  folder: { readonly path: string; readonly write: (name: string, text: string) => string },
): Promise<AlertWatch> {
  folder.write('rules.yml', quickRules());
  const targets = admins.map((admin) => `"127.0.0.1:${admin}"`).join(', ');
  const config = `global: { scrape_interval: 500ms, scrape_timeout: 450ms, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs: [{ job_name: meridian, static_configs: [{ targets: [${targets}] }] }]
`;
  const prometheus = await startPrometheus(folder.write('prometheus.yml', config), folder.path);
  const [ours, theirs] = [new Set<AlertName>(), new Set<AlertName>()];
  const api = async <T>(path: string) => (JSON.parse((await ask(prometheus, { path })).body) as { data: T }).data;
  type Theirs = { alerts: { labels: Record<string, string>; state: string }[] };
  type Ours = { alerts: { alert: string; state: string; severity: string; labels: Record<string, string> }[] };
  return {
    look: async () => {
      for (const { labels, state } of (await api<Theirs>('/api/v1/alerts')).alerts)
        if (state === 'firing') theirs.add(nameOf(labels['alertname'] ?? '', labels));
      for (const admin of admins) {
        // One of them may have been ended.
        const answer = await ask(admin, { path: '/alerts' }).catch(() => undefined);
        const { alerts } = JSON.parse(answer?.body ?? '{"alerts":[]}') as Ours;
        for (const { alert, state, severity, labels } of alerts)
          if (state === 'firing') ours.add(nameOf(alert, { ...labels, severity }));
      }
      return { ours, theirs };
    },
    metrics: async () => (await ask(admins[0] as number, { path: '/metrics' })).body,
    series: async (query) =>
      (await api<{ result: unknown[] }>(`/api/v1/query?query=${encodeURIComponent(query)}`)).result.length,
  };
}

/** Only for what burns is the window a part of it: each has a rule of its own. */
function nameOf(alert: string, { severity = '', window }: Readonly<Record<string, string>>): AlertName {
  return [alert, severity, ...(window === undefined ? [] : [window])].join(' ');
}
