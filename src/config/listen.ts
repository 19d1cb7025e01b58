import { isHostName } from './host-name.ts';
import { isAddress } from './ipaddr.ts';
import { type Kind, mustBe, right, wrong } from './kind.ts';
import type { ListenAddress } from './topology-listener.ts';

const EXPECTED = 'an address and port such as 0.0.0.0:8080, :8080 or [::]:8080';

/**
 * Where to listen: `host:port`, `[v6]:port`, or `:port` for every IPv4 address. Port 0 lets the system choose one. The
 * host comes back without brackets.
 */
export const listenAddress: Kind<ListenAddress> = {
  expected: EXPECTED,
  json: { type: 'string', pattern: ':\\d+$' },
  read(value) {
    if (typeof value === 'number') return wrong(`${mustBe(EXPECTED, value)}; did you mean ":${value}"?`);
    const match = typeof value === 'string' ? /^(.*):(\d{1,5})$/.exec(value) : null;
    if (match === null) return wrong(mustBe(EXPECTED, value));
    const port = Number(match[2]);
    if (port > 65_535) return wrong(`has port ${port}; ports go from 0 to 65535`);
    const host = listenHost(match[1] ?? '');
    return host === undefined ? wrong(mustBe(EXPECTED, value) + hint(match[1] ?? '', port)) : right({ host, port });
  },
};

function listenHost(text: string): string | undefined {
  if (text === '') return '0.0.0.0';
  const v6 = /^\[(.+)\]$/.exec(text)?.[1];
  if (v6 !== undefined) return v6.includes(':') && isAddress(v6) ? v6 : undefined;
  if (/^[\d.]+$/.test(text)) return isAddress(text) ? text : undefined;
  return isHostName(text.toLowerCase()) ? text.toLowerCase() : undefined;
}

function hint(host: string, port: number): string {
  if (host === '*') return `; did you mean "0.0.0.0:${port}"?`;
  if (host.includes(':') && isAddress(host)) return `; did you mean "[${host}]:${port}"?`;
  return '';
}
