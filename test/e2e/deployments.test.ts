import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { loadTopology } from '../../src/config/load.ts';
import { findCommand } from '../../src/main/command-list.ts';
import { temporaryFolder } from '../support/process.ts';
import { isMissing, lacks } from '../support/programs.ts';

// What `kubectl apply -k` would create and `systemctl start` would run, by the programs that judge them, and that what one part says of
// another is so.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KUBERNETES = `${ROOT}/config/kubernetes`;
const UNIT = `${ROOT}/config/systemd/meridian.service`;

/** What a Kubernetes object may hold that is looked at here. */
type Part = { readonly [key: string]: Part } & readonly Part[];
const SELECTOR = { 'app.kubernetes.io/name': 'meridian' };

/** The objects of the base, by their kind. */
function base(): ReadonlyMap<string, Part> {
  const built = execFileSync('kubectl', ['kustomize', KUBERNETES], { encoding: 'utf8' });
  const objects = parseAllDocuments(built).map((document) => document.toJS() as Part);
  return new Map(objects.map((object) => [String(object['kind']), object]));
}

test.skipIf(isMissing('kubectl'))('kubernetes: the base builds, and its parts find each other', () => {
  const objects = base();
  const of = (kind: string) => objects.get(kind) as Part;
  expect([...objects.keys()].toSorted()).toEqual([
    'ConfigMap',
    'Deployment',
    'HorizontalPodAutoscaler',
    'NetworkPolicy',
    'PodDisruptionBudget',
    'Service',
  ]);
  const spec = of('Deployment')['spec'] as Part;
  expect(spec['selector']?.['matchLabels']).toEqual(SELECTOR);
  expect(spec['template']?.['metadata']?.['labels']).toEqual(SELECTOR);
  expect(of('Service')['spec']?.['selector']).toEqual(SELECTOR);
  expect(of('PodDisruptionBudget')['spec']?.['selector']?.['matchLabels']).toEqual(SELECTOR);
  expect(of('NetworkPolicy')['spec']?.['podSelector']?.['matchLabels']).toEqual(SELECTOR);
  expect(of('HorizontalPodAutoscaler')['spec']?.['scaleTargetRef']).toMatchObject({
    kind: 'Deployment',
    name: 'meridian',
  });
});

test.skipIf(isMissing('kubectl'))(
  'kubernetes: its configuration is good, and says what the pods are told',
  async () => {
    const objects = base();
    const pod = objects.get('Deployment')?.['spec']?.['template']?.['spec'] as Part;
    const [container] = pod['containers'] as unknown as [Part];
    const ports = new Map(
      (container['ports'] as readonly Part[]).map(({ name, containerPort }) => [String(name), Number(containerPort)]),
    );
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      expect(ports.has(String(container[probe]?.['httpGet']?.['port']))).toBe(true);
    }
    const args = container['args'] as unknown as readonly string[];
    expect(findCommand(args)?.command.name).toBe('start');
    const file = temporaryFolder().write(
      'meridian.yaml',
      String(objects.get('ConfigMap')?.['data']?.['meridian.yaml']),
    );
    const parsed = await loadTopology(file, {});
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { edge, admin } = parsed.topology;
    expect([edge.listen.port, admin.listen.port]).toEqual([ports.get('http'), ports.get('admin')]);
    expect(Number(pod['terminationGracePeriodSeconds']) * 1000).toBeGreaterThan((edge.lameDuckMs ?? 0) + edge.drainMs);
  },
);

test.skipIf(lacks('systemd-analyze'))('systemd: the unit is good, hardened, and its commands are ours', () => {
  const text = readFileSync(UNIT, 'utf8');
  const commands = [...text.matchAll(/^Exec\w+=\/usr\/local\/bin\/meridian (.*)$/gm)].map(([, line = '']) =>
    line.split(' '),
  );
  expect(commands.map((words) => findCommand(words)?.command.name)).toEqual(['start', 'reload']);
  // The command is looked for, and is not where it would be installed.
  const unit = temporaryFolder().write(
    'meridian.service',
    text.replaceAll('/usr/local/bin/meridian', process.execPath),
  );
  execFileSync('systemd-analyze', ['verify', unit], { stdio: 'pipe' });
  // Of 10.0, in tenths; what exposes nothing is 0.
  execFileSync('systemd-analyze', ['security', '--offline=yes', '--threshold=25', unit], { stdio: 'pipe' });
});
