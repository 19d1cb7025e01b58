import type { LogFormat } from '../config/topology-log.ts';
import type { AccessRecord } from '../table/access-record.ts';
import { CombinedLines } from './access-combined.ts';
import { accessLine } from './access-line.ts';
import { accessLogfmt } from './access-logfmt.ts';
import { AgainText } from './again-text.ts';
import { IsoTime } from './iso-time.ts';
import { logfmtOf } from './logfmt.ts';

/** How lines are written; chosen once, so that none of them asks. Lines have their end. */
export type LineFormat = {
  /** The line of a request that has ended at `wallMs`. */
  readonly request: (record: AccessRecord, wallMs: number) => string;
  /** Any other line, from what it is as JSON; undefined where it stays that. */
  readonly other: ((json: string) => string) | undefined;
  /** Whether other lines would be in the way of who reads the requests: they go to standard error then. */
  readonly otherAside: boolean;
};

/** The format of this name for the lines of one thread. */
export function lineFormat(name: LogFormat, thread: string): LineFormat {
  const iso = new IsoTime();
  if (name === 'json') {
    const end = `,"thread":${JSON.stringify(thread)},"msg":"request",`;
    const begun = new AgainText();
    /** How every line of this millisecond begins. */
    const beginning = (wallMs: number): string =>
      begun.isFor(wallMs, undefined) ? begun.text() : begun.keep(`{"level":"info","time":"${iso.at(wallMs)}"${end}`);
    const request = (record: AccessRecord, wallMs: number) => `${beginning(wallMs)}${accessLine(record)}}\n`;
    return { request, other: undefined, otherAside: false };
  }
  if (name === 'logfmt') {
    const request = (record: AccessRecord, wallMs: number) =>
      `level=info time=${iso.at(wallMs)} thread=${thread} msg=request ${accessLogfmt(record)}\n`;
    return { request, other: logfmtLine, otherAside: false };
  }
  const lines = new CombinedLines();
  return { request: (record, wallMs) => `${lines.of(record, wallMs)}\n`, other: logfmtLine, otherAside: true };
}

function logfmtLine(json: string): string {
  return `${logfmtOf(JSON.parse(json) as Readonly<Record<string, unknown>>)}\n`;
}
