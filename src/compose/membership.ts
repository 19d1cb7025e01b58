import type { Topology } from '../config/topology.ts';
import { expanded, idsOf } from '../discovery/members.ts';
import type { AddressBook } from '../table/addresses.ts';
import type { Control } from './control.ts';

export type MembershipDeps = Pick<Control, 'current' | 'rows' | 'table' | 'log'> & {
  readonly nowMs: () => number;
  /** Puts a topology into force; throws when it does not fit, and then nothing has changed. */
  readonly deploy: (topology: Topology) => void;
  /** Endpoints have other addresses, and are the same. */
  readonly tell: (book: AddressBook) => void;
};

/**
 * Follows the addresses of names that are to be expanded: what the file says, with those addresses, is what is in force. An address that comes is
 * put into force as a reload would, and ramps up; one that goes gets nothing more, and what it has is finished.
 */
export class Membership {
  readonly #deps: MembershipDeps;
  #book: AddressBook = {};
  #warned = '';

  constructor(deps: MembershipDeps) {
    this.#deps = deps;
  }

  /** Puts what a file says into force, with the addresses that are known. */
  written(topology: Topology): void {
    this.#follow(topology, true);
    this.#deps.current.written = topology;
  }

  /** Names have other addresses now. */
  resolved(book: AddressBook): void {
    this.#book = book;
    try {
      this.#follow(this.#deps.current.written, false);
    } catch (error) {
      // Rows of those that have gone are not free yet: the next answer, or reload, finds room.
      this.#deps.log.warn('addresses are not followed', { error: String(error) });
    }
  }

  #follow(written: Topology, anyway: boolean): void {
    const { current, deploy, tell } = this.#deps;
    const before = idsOf(current.topology);
    const { topology, book, beyond } = expanded(written, this.#book, before);
    const after = idsOf(topology);
    const same = before.size === after.size && [...after].every((id) => before.has(id));
    const last = current.addresses;
    current.addresses = book;
    if (anyway || !same) {
      try {
        deploy(topology);
      } catch (error) {
        current.addresses = last;
        throw error;
      }
      if (!anyway) this.#rampUp(topology, before);
    }
    tell(book);
    this.#warn(beyond);
  }

  /** Who joins others begins with a part of its share, as who comes back does. */
  #rampUp({ services }: Topology, before: ReadonlySet<string>): void {
    const { rows, table, nowMs } = this.#deps;
    for (const { endpoints } of services) {
      if (!endpoints.some(({ id }) => before.has(id))) continue;
      for (const { id, memberOf } of endpoints) {
        if (memberOf === undefined || before.has(id)) continue;
        table.live.rampFromMs[rows.placement.rows[id] as number] = nowMs();
      }
    }
  }

  #warn(beyond: ReturnType<typeof expanded>['beyond']): void {
    const text = beyond.map(({ endpoint, addresses, used }) => `${endpoint}: ${used} of ${addresses}`).join(', ');
    if (text === this.#warned) return;
    this.#warned = text;
    if (text !== '') this.#deps.log.warn('more addresses than expand takes', { used: text });
  }
}
