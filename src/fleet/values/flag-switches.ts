import { endpointsOf } from '../../config/owners.ts';
import type { Endpoint, Topology } from '../../config/topology.ts';
import { flagsOfRules } from '../../config/topology-match.ts';
import type { Emit } from '../../table/event.ts';
import type { FleetValues } from './values.ts';

export type FlagSwitchesDeps = {
  readonly values: Pick<FleetValues, 'isOn' | 'onChange'>;
  readonly topology: () => Topology;
  readonly emit: Emit;
};

/** A flag that the file names was switched. */
export type FlagSwitch = {
  readonly flag: string;
  readonly on: boolean;
  /** Those that are not to be tried while it is on (`unless`). */
  readonly endpoints: readonly Endpoint[];
  /** How many rules of `match` hold only while it is on. */
  readonly rules: number;
};

/** The flags that a file names, in `unless` of endpoints and `flag` of rules, and who is told as they are switched. */
export class FlagSwitches {
  readonly #deps: FlagSwitchesDeps;
  /** Flags that were on when this was looked at last. As many as the file names. */
  #on = new Set<string>();

  constructor(deps: FlagSwitchesDeps) {
    this.#deps = deps;
  }

  /** Another file is in force, and its flags have been looked at: what is on already is switched on no more, and off when it goes off. */
  follow(file: Topology): void {
    const unless = endpointsOf(file).flatMap((one) => one.unless ?? []);
    this.#on = new Set([...unless, ...flagsOfRules(file.services)].filter((flag) => this.#deps.values.isOn(flag)));
  }

  /** Calls back with each flag that has been switched. */
  onSwitch(listener: (done: FlagSwitch) => void): void {
    const { values, topology, emit } = this.#deps;
    values.onChange((flag) => {
      const file = topology();
      const on = values.isOn(flag);
      if (on === this.#on.has(flag)) return;
      const endpoints = endpointsOf(file).filter(({ unless }) => unless === flag);
      const rules = flagsOfRules(file.services).filter((named) => named === flag).length;
      if (endpoints.length === 0 && rules === 0 && on) return;
      if (on) this.#on.add(flag);
      else this.#on.delete(flag);
      listener({ flag, on, endpoints, rules });
      emit({ type: 'flag-switched', flag, on, endpoints: endpoints.length, rules });
    });
  }
}
