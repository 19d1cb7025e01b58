import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BlockList } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadTopology } from '../../src/config/load.ts';
import { findCommand } from '../../src/main/command-list.ts';
import { temporaryFolder } from '../support/process.ts';
import { isMissing, runProgram } from '../support/programs.ts';

// config/kubernetes as it is written, held against the published types of the API and against the edge that it runs.

const folder = fileURLToPath(new URL('../../config/kubernetes', import.meta.url));
const read = (name: string) => parse(readFileSync(`${folder}/${name}`, 'utf8')) as Manifest;

type Manifest = { readonly apiVersion: string; readonly kind: string } & Record<string, unknown>;
type Base = { readonly resources: readonly string[]; readonly configMapGenerator: readonly { files: string[] }[] };
type Probe = { readonly httpGet: { readonly path: string; readonly port: string } };
type Pod = {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly [
    {
      readonly args: readonly string[];
      readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
      readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
      readonly startupProbe: Probe;
      readonly readinessProbe: Probe & { readonly periodSeconds: number; readonly failureThreshold: number };
      readonly livenessProbe: Probe;
      readonly volumeMounts: readonly { readonly mountPath: string }[];
    },
  ];
};

/** Where the API's types are, by `apiVersion`. */
const TYPES: Readonly<Record<string, string>> = {
  v1: 'core/v1',
  'apps/v1': 'apps/v1',
  'policy/v1': 'policy/v1',
  'autoscaling/v2': 'autoscaling/v2',
  'networking.k8s.io/v1': 'networking/v1',
};

/** What the compiler says of these objects, as literals of their types: an unknown key is an error there, at any depth. */
async function typed(manifests: readonly Manifest[]): Promise<{ code: number | null; output: string }> {
  const types = dirname(createRequire(import.meta.url).resolve('kubernetes-types/package.json'));
  const text = manifests.map((manifest, i) => {
    const from = JSON.stringify(`${types}/${TYPES[manifest.apiVersion]}`);
    return `import type { ${manifest.kind} as K${i} } from ${from};\nexport const a${i}: K${i} = ${JSON.stringify(manifest)};\n`;
  });
  const file = temporaryFolder().write('manifests.ts', text.join(''));
  const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'preserve', '--types', ''];
  return runProgram(process.execPath, [tsc, ...options, file]);
}

const base = read('kustomization.yaml') as unknown as Base;
/** For an overlay, beside what the base names. */
const OPTIONAL = ['egress.yaml'];
const manifests = base.resources.map(read);
const pod = (read('deployment.yaml')['spec'] as { template: { spec: Pod } }).template.spec;
const [container] = pod.containers;

test('every manifest is what the API takes, to the last key', { timeout: 60_000 }, async () => {
  expect(await typed([...manifests, ...OPTIONAL.map(read)])).toEqual({ code: 0, output: '' });
});

test('every file of the folder is one of them, the base itself or its topology', () => {
  const named = [...base.resources, ...OPTIONAL, 'kustomization.yaml', 'meridian.yaml'];
  expect(readdirSync(folder).toSorted()).toEqual(named.toSorted());
});

test('the optional policy lets out what the base and a fleet need: names, endpoints, stores, and https', async () => {
  type Rule = { readonly to?: readonly { ipBlock?: { cidr: string } }[]; readonly ports: readonly { port: number }[] };
  const { egress } = read('egress.yaml')['spec'] as { egress: readonly Rule[] };
  const loaded = await loadTopology(`${folder}/meridian.yaml`, {});
  const endpoints = loaded.ok ? loaded.topology.services.flatMap((service) => service.endpoints) : [];
  expect(endpoints).not.toEqual([]);
  for (const { url } of endpoints) {
    const allowed = egress.some(({ to = [], ports }) => {
      const networks = new BlockList();
      for (const { ipBlock } of to) {
        const [address = '', bits] = (ipBlock?.cidr ?? '').split('/');
        if (ipBlock !== undefined) networks.addSubnet(address, Number(bits));
      }
      return networks.check(url.host) && ports.some(({ port }) => port === url.port);
    });
    expect([url.host, allowed]).toEqual([url.host, true]);
  }
  expect(egress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual(expect.arrayContaining([53, 6379, 443]));
});

test('a key that the API does not have is found', { timeout: 60_000 }, async () => {
  const text = readFileSync(`${folder}/deployment.yaml`, 'utf8').replace('failureThreshold: 60', 'failureTreshold: 60');
  const { code, output } = await typed([parse(text) as Manifest]);
  expect(code).not.toBe(0);
  expect(output).toContain('failureTreshold');
});

test.skipIf(isMissing('kubectl'))(
  'kubectl builds the base: all that is named, with one selector, and the topology',
  async () => {
    const { code, output } = await runProgram('kubectl', ['kustomize', folder]);
    expect([code, code === 0 ? '' : output]).toEqual([0, '']);
    const built = parseAllDocuments(output).map((document) => document.toJS() as Manifest);
    expect(built.map(({ kind }) => kind).sort()).toEqual(['ConfigMap', ...manifests.map(({ kind }) => kind)].sort());
    const labels = { 'app.kubernetes.io/name': 'meridian' };
    const selectors = built.map(
      ({ spec }) => (spec as { selector?: unknown; podSelector?: unknown } | undefined) ?? {},
    );
    const named = selectors.flatMap(({ selector, podSelector }) => selector ?? podSelector ?? []);
    expect(named).toHaveLength(4);
    for (const one of named) expect([labels, { matchLabels: labels }]).toContainEqual(one);
  },
);

describe('the edge that it runs', () => {
  const topology = async () => {
    const parsed = await loadTopology(`${folder}/${base.configMapGenerator[0]?.files[0]}`, { POD_NAME: 'meridian-1' });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.topology;
  };

  test('listens where the ports and probes are', async () => {
    const { edge, admin } = await topology();
    const port = (name: string) => container.ports.find((one) => one.name === name)?.containerPort;
    expect([port('http'), port('admin')]).toEqual([edge.listeners[0]?.listen.port, admin.listen.port]);
    for (const { httpGet } of [container.startupProbe, container.readinessProbe]) {
      expect(httpGet).toEqual({ path: edge.healthPath, port: 'http' });
    }
    expect(container.livenessProbe.httpGet).toEqual({ path: '/livez', port: 'admin' });
    expect(findCommand(container.args)?.command.name).toBe('start');
    expect(container.args).toEqual(['start', '-c', `${container.volumeMounts[0]?.mountPath}/meridian.yaml`]);
  });

  test('has the time to leave in good order, and is found out to leave in that time', async () => {
    const { edge } = await topology();
    const preStopMs = container.lifecycle.preStop.sleep.seconds * 1000;
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(preStopMs + edge.lameDuckMs + edge.drainMs);
    const { periodSeconds, failureThreshold } = container.readinessProbe;
    expect(edge.lameDuckMs).toBeGreaterThan(2 * periodSeconds * failureThreshold * 1000);
  });
});
