import type { AccessRecord } from '../table/access-record.ts';
import { AGENT_CHARS_MAX, PATH_CHARS_MAX } from './access-line.ts';

/**
 * Lines of the access log in the *combined* format of Apache and nginx, which says far less than the others:
 *
 *   203.0.113.9 - - [28/Nov/2026:13:44:01 +0000] "GET /cart HTTP/1.1" 200 120 "-" "curl/8"
 *
 * The query of the target is left out, as everywhere, and so is the referrer, since that has queries too.
 */
export class CombinedLines {
  #second = Number.NaN;
  #time = '';

  /** The line of a request that ended at `wallMs`, without its end. */
  of(record: AccessRecord, wallMs: number): string {
    const { target, httpVersion, userAgent } = record;
    const queryAt = target.indexOf('?');
    const path = (queryAt === -1 ? target : target.slice(0, queryAt)).slice(0, PATH_CHARS_MAX);
    const version = httpVersion === '2' ? '2.0' : httpVersion;
    const asked = `${record.method} ${path} HTTP/${version}`;
    const agent = userAgent === undefined || userAgent === '' ? '-' : userAgent.slice(0, AGENT_CHARS_MAX);
    return `${record.clientAddress} - - [${this.#at(wallMs)}] "${escaped(asked)}" ${record.status} ${record.bytesOut} "-" "${escaped(agent)}"`;
  }

  #at(wallMs: number): string {
    const second = Math.floor(wallMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#time = commonTime(new Date(second * 1000));
    }
    return this.#time;
  }
}

function commonTime(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Quotes, backslashes and whatever is no printable ASCII, as nginx writes it: each byte as `\xHH`. */
function escaped(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll(STRANGE, hexOf);
}

const PLAIN = /^[ !#-[\]-~]*$/;
const STRANGE = /[^ !#-[\]-~]+/g;

function hexOf(part: string): string {
  return [...Buffer.from(part)].map((byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
