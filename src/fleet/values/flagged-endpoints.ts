import type { Endpoint, Topology } from '../../config/topology.ts';
import type { Emit } from '../../table/event.ts';
import type { FleetValues } from './values.ts';

export type FlaggedDeps = {
  readonly values: Pick<FleetValues, 'isOn' | 'onChange'>;
  readonly topology: () => Topology;
  readonly emit: Emit;
};

/** Endpoints that are not to be tried while a flag is on (`unless`), and what becomes of them as flags are switched. */
export class FlaggedEndpoints {
  readonly #deps: FlaggedDeps;
  /** Flags that were on when this was looked at last. As many as the file names. */
  readonly #on = new Set<string>();

  constructor(deps: FlaggedDeps) {
    this.#deps = deps;
  }

  /** Calls back with the endpoints of a flag that has been switched. */
  onSwitch(listener: (endpoints: readonly Endpoint[]) => void): void {
    const { values, topology, emit } = this.#deps;
    values.onChange((key) => {
      const endpoints = topology().services.flatMap((service) =>
        service.endpoints.filter(({ unless }) => unless === key),
      );
      if (endpoints.length === 0 && !this.#on.has(key)) return;
      const on = values.isOn(key);
      if (on === this.#on.has(key)) return;
      if (on) this.#on.add(key);
      else this.#on.delete(key);
      listener(endpoints);
      emit({ type: 'flag-switched', flag: key, on, endpoints: endpoints.length });
    });
  }
}
