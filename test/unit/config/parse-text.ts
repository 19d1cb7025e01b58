import { parseTopology } from '../../../src/config/load.ts';
import type { Topology } from '../../../src/config/topology.ts';

type Env = Readonly<Record<string, string | undefined>>;

const ENDPOINT = '{ cloud: aws, region: us-east-1, url: http://10.0.0.1:8080 }';

/** The least a file needs, so that a test can put its own lines before it. */
export const SERVICES = `services:\n  web:\n    endpoints:\n      - ${ENDPOINT}\n`;

/** The topology of a text that must be right. */
export function topologyOf(text: string, env: Env = {}): Topology {
  const parsed = parseTopology(text, { file: 'edge.yaml', env, readFile: noFile });
  if (!parsed.ok)
    throw new Error(parsed.problems.map(({ line, path, message }) => `${line} ${path} ${message}`).join('\n'));
  return parsed.topology;
}

/** The problems of a text, each as `line:column path: message`; empty when the text is right. */
export function problemsOf(
  text: string,
  env: Env = {},
  readFile: (path: string) => string = noFile,
): readonly string[] {
  const parsed = parseTopology(text, { file: 'edge.yaml', env, readFile });
  if (parsed.ok) return [];
  return parsed.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

/** The problems of a file with a version, these lines, and one good service. */
export function problemsWith(lines: string, env: Env = {}): readonly string[] {
  return problemsOf(`version: 1\n${lines}\n${SERVICES}`, env);
}

function noFile(path: string): string {
  throw new Error(`no file ${path} in this test`);
}
