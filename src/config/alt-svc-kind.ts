import { type Kind, mustBe, right, wrong } from './kind.ts';

const EXPECTED = 'an Alt-Svc value such as h3=":443"; ma=86400, several of them with ", " between them, or clear';
const CHARS_MAX = 1024;

const PROTOCOL = "[!#$&'*+.^_`|~%0-9A-Za-z-]+";
const HOST = '(?:\\[[0-9A-Fa-f:.]+\\]|[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?)?';
const ALTERNATIVE = `${PROTOCOL}="${HOST}:(\\d{1,5})"(?: ?; ?(?:ma=\\d{1,10}|persist=1))*`;
const WHOLE = new RegExp(`^(?:clear|${ALTERNATIVE}(?: ?, ?${ALTERNATIVE})*)$`);

/**
 * The value of `Alt-Svc` (RFC 7838 §3): other ways to what a name serves, each a protocol and a port with or without a host; or `clear`. Of
 * parameters those that are defined, `ma` (seconds) and `persist=1`: clients skip any other without a word.
 */
export const altSvc: Kind<string> = {
  expected: EXPECTED,
  json: { type: 'string', pattern: WHOLE.source, maxLength: CHARS_MAX },
  read(value) {
    if (typeof value !== 'string' || value.length > CHARS_MAX || !WHOLE.test(value)) {
      return wrong(mustBe(EXPECTED, value));
    }
    const ports = [...value.matchAll(/:(\d+)"/g)].map(([, port]) => Number(port));
    const bad = ports.find((port) => port < 1 || port > 65_535);
    return bad === undefined ? right(value) : wrong(`names the port ${bad}; it must be 1 to 65535`);
  },
};
