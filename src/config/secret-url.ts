import { type Kind, right, wrong } from './kind.ts';

const URL_CHARS_MAX = 2048;

/** A URL that holds a secret as a rule: no message shows it. `problemOf` says what is wrong with one that can be read; the value is the URL as the URL standard writes it. */
export function secretUrl(expected: string, problemOf: (url: URL) => string | undefined): Kind<string> {
  return {
    expected,
    json: { type: 'string', minLength: 1 },
    read(value) {
      const url = typeof value === 'string' && value.length <= URL_CHARS_MAX ? URL.parse(value) : null;
      const problem = url === null ? NO_URL : problemOf(url);
      if (url !== null && problem === undefined) return right(url.href);
      return wrong(`must be ${expected} (its value is not shown): it ${problem}`);
    },
  };
}

const NO_URL = 'is not a URL; write special characters as %XX';
