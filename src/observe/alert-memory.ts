import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMapping } from '../config/raw.ts';
import { readRegularFile } from '../config/regular-file.ts';
import { replaceFile } from '../config/replaced-file.ts';
import type { Alert, AlertChange, Finding } from './alert.ts';
import type { Queues } from './alert-sinks.ts';
import type { SavedSlo } from './slo-keeper.ts';
import type { SavedBucket } from './slo-ring.ts';

export type SavedAlert = Pick<Alert, 'finding' | 'startsAtMs' | 'announced'>;

/** What outlasts a restart. `savedAtMs` is by the wall clock, which is all that two processes share. */
export type Memory = {
  readonly version: 1;
  readonly savedAtMs: number;
  readonly alerts: readonly SavedAlert[];
  readonly queues: Queues;
  readonly slo: SavedSlo;
};

const BYTES_MAX = 64 * 1024 * 1024;

/** Reads what was saved; undefined when there is no file. Rejects with one sentence when it is none of ours. */
export async function readMemory(file: string): Promise<Memory | undefined> {
  const bytes = await readRegularFile(file, BYTES_MAX).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const memory = parsed(bytes.toString('utf8'));
  if (!isMemory(memory)) throw new Error('it does not hold the state of alerts; it is written anew');
  return memory;
}

/** Writes the whole file anew and swaps it in, so that a crash leaves the old one or the new one, never half of one. */
export async function writeMemory(file: string, memory: Memory): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, JSON.stringify(memory), 0o600);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A file that somebody edited must not bring the loop down later: everything in it is looked at. */
function isMemory(value: unknown): value is Memory {
  if (!isMapping(value) || value['version'] !== 1 || !Number.isFinite(value['savedAtMs'])) return false;
  const { alerts, queues, slo } = value;
  return (
    isListOf(alerts, isSavedAlert) &&
    isRecordOf(queues, (queue): queue is readonly AlertChange[] => isListOf(queue, isChange)) &&
    isRecordOf(slo, isSlo)
  );
}

function isSavedAlert(value: unknown): value is SavedAlert {
  return isMapping(value) && isFinding(value['finding']) && isTime(value['startsAtMs']) && isFlag(value['announced']);
}

function isChange(value: unknown): value is AlertChange {
  if (!isMapping(value) || !isFinding(value['finding']) || !isTime(value['startsAtMs'])) return false;
  return value['status'] === 'firing' || (value['status'] === 'resolved' && isTime(value['endsAtMs']));
}

function isFinding(value: unknown): value is Finding {
  return (
    isMapping(value) &&
    ['key', 'rule', 'name', 'summary'].every((name) => typeof value[name] === 'string') &&
    (value['severity'] === 'critical' || value['severity'] === 'warning') &&
    isRecordOf(value['labels'], isText) &&
    isListOf(value['coveredBy'], isText) &&
    (value['yieldsTo'] === undefined || isListOf(value['yieldsTo'], isText)) &&
    (value['quietMs'] === undefined || Number.isFinite(value['quietMs']))
  );
}

function isSlo(value: unknown): value is SavedSlo[string] {
  return isMapping(value) && isListOf(value['minutes'], isBucket) && isListOf(value['hours'], isBucket);
}

function isBucket(value: unknown): value is SavedBucket {
  return Array.isArray(value) && value.length === 3 && value.every((cell) => Number.isFinite(cell) && cell >= 0);
}

function isRecordOf<T>(value: unknown, is: (item: unknown) => item is T): value is Record<string, T> {
  return isMapping(value) && Object.values(value).every(is);
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(is);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** A date that can be written in ISO 8601. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(new Date(value).getTime());
}
