import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asMapping, asText, type Mapping } from './raw.ts';
import { untouchable } from './rules-messages.ts';

/** A field that tells of deadlines is one that nothing else is said in, and whoever is believed in it needs one. */
export function timeoutFaults(root: Mapping): readonly Fault[] {
  const common = asMapping(root['timeouts']);
  const own = Object.entries(asMapping(root['services'])).flatMap(([name, block]) => {
    const service = asMapping(block);
    const timeouts = asMapping(service['timeouts']);
    const together = { ...common, ...timeouts };
    return [
      ...headerFaults(['services', name, 'timeouts'], timeouts, together),
      ...writtenTwice(['services', name, 'headers', 'request'], service, together),
    ];
  });
  return [...headerFaults(['timeouts'], common, common), ...own];
}

/** `given` is where the keys are written; the others come from the file's own block. */
function headerFaults(at: Path, given: Mapping, together: Mapping): readonly Fault[] {
  const from = given['request_header_from'];
  if (from !== undefined && from !== 'never' && together['request_header'] === undefined) {
    const message = 'says whose request_header is believed, and there is none; add request_header: NAME';
    return [{ path: [...at, 'request_header_from'], message }];
  }
  const name = asText(given['request_header'])?.toLowerCase();
  if (name === undefined) return [];
  const why = name === 'grpc-timeout' ? GRPC : untouchable(name);
  return why === undefined ? [] : [{ path: [...at, 'request_header'], message: why }];
}

const GRPC = 'is told to endpoints that speak gRPC anyway; leave it out, or name another field';

/** What a rule for messages sets, a deadline would replace. */
function writtenTwice(at: Path, service: Mapping, together: Mapping): readonly Fault[] {
  const name = asText(together['request_header'])?.toLowerCase();
  if (name === undefined) return [];
  const request = asMapping(asMapping(service['headers'])['request']);
  return ['set', 'add'].flatMap((how) =>
    Object.keys(asMapping(request[how]))
      .filter((key) => key.toLowerCase() === name)
      .map((key) => ({
        path: [...at, how, key],
        message: 'is what timeouts.request_header writes too; keep one of them',
        part: 'key' as const,
      })),
  );
}
