import { BlockList, isIP } from 'node:net';
import { ownEntry } from '../../config/own-entry.ts';
import type { CertificateTest, MatchConditions, NamedTest, TextTest } from '../../config/topology-match.ts';
import type { RequestHead } from '../message/request-head.ts';

/** What conditions may ask of a request. Who the client is and where is found out only when it is asked. */
export type Asking = {
  readonly head: Pick<RequestHead, 'method' | 'target' | 'fields' | 'peer'>;
  /** The client's own address. */
  readonly address: () => string;
  /** Its country; empty where it is not known. */
  readonly country: () => string;
};

/** Which flags are on, a byte each, and which byte is whose. One that has none is off. */
export type Flags = {
  readonly cells: Uint8Array;
  readonly placed: Readonly<Record<string, number>>;
};

export const NO_FLAGS: Flags = { cells: new Uint8Array(0), placed: {} };

/** The conditions of one rule, compiled once a topology. */
export class Conditions {
  readonly #asked: MatchConditions;
  readonly #networks: BlockList | undefined;
  readonly #flags: Uint8Array;
  readonly #flag: number;

  constructor(asked: MatchConditions, { cells, placed }: Flags = NO_FLAGS) {
    this.#asked = asked;
    this.#flags = cells;
    // Past the last cell there is nothing, and nothing is not on.
    this.#flag = asked.flag === undefined ? ASKS_FOR_NONE : (ownEntry(placed, asked.flag) ?? cells.length);
    this.#networks = asked.cidrs.length === 0 ? undefined : networksOf(asked.cidrs);
  }

  /** Whether all of them hold; what is cheap to ask is asked first. */
  hold({ head, address, country }: Asking): boolean {
    if (this.#flag !== ASKS_FOR_NONE && this.#flags[this.#flag] !== 1) return false;
    const { methods, headers, query, certificate, countries } = this.#asked;
    if (methods.length > 0 && !methods.includes(head.method)) return false;
    if (certificate !== undefined && !certificateIs(head.peer.certificate, certificate)) return false;
    if (!headers.every(({ name, test }) => passes(head.fields.joined(name), test))) return false;
    if (query.length > 0 && !queryIs(head.target, query)) return false;
    if (this.#networks !== undefined && !isIn(this.#networks, address())) return false;
    return countries.length === 0 || countries.includes(country());
  }
}

const ASKS_FOR_NONE = -1;

function passes(value: string | undefined, test: TextTest): boolean {
  switch (test.is) {
    case 'present':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'exact':
      return value === test.text;
    default:
      return value?.startsWith(test.text) === true;
  }
}

/** One of several parameters of a name is enough; none may be there where it must be absent. */
function queryIs(target: string, tests: readonly NamedTest[]): boolean {
  const at = target.indexOf('?');
  const parameters = new URLSearchParams(at === -1 ? '' : target.slice(at + 1));
  return tests.every(({ name, test }) => {
    const values = parameters.getAll(name);
    return values.length === 0 ? passes(undefined, test) : values.some((value) => passes(value, test));
  });
}

function certificateIs(shown: RequestHead['peer']['certificate'], test: CertificateTest): boolean {
  if (shown === undefined || !test.shown) return (shown !== undefined) === test.shown;
  if (test.subject !== undefined && !passes(shown.subject, test.subject)) return false;
  return test.fingerprints.length === 0 || test.fingerprints.includes(shown.fingerprint);
}

function networksOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function isIn(networks: BlockList, address: string): boolean {
  const bare = address.split('%', 1)[0] as string;
  const version = isIP(bare);
  return version !== 0 && networks.check(bare, version === 4 ? 'ipv4' : 'ipv6');
}
