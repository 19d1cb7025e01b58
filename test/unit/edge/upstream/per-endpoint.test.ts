import { expect, test } from 'vitest';
import { PerEndpoint } from '../../../../src/edge/upstream/per-endpoint.ts';
import { threeClouds } from '../../../support/topology.ts';

const [service] = threeClouds().services;
const [a, b, c] = service!.endpoints;

function held(reachKeys: Record<string, string>) {
  const log: string[] = [];
  const make = (_: unknown, { id }: { readonly id: string }) => ({
    id,
    close: () => void log.push(`close ${id}`),
    destroy: () => void log.push(`destroy ${id}`),
  });
  return { log, all: new PerEndpoint(make, new Map(Object.entries(reachKeys))) };
}

test('made once, when it is first asked for', () => {
  const { all } = held({});
  expect(all.of(service!, a!)).toBe(all.of(service!, a!));
  const ids: string[] = [];
  all.of(service!, b!);
  all.each(({ id }) => ids.push(id));
  expect(ids).toEqual([a!.id, b!.id]);
});

test('what is gone or reached in another way is closed, what stays is kept', () => {
  const { log, all } = held({ [a!.id]: '1', [b!.id]: '1', [c!.id]: '1' });
  const kept = all.of(service!, a!);
  const changed = all.of(service!, b!);
  all.of(service!, c!);
  all.keepOnly(new Map(Object.entries({ [a!.id]: '1', [b!.id]: '2' })));
  expect(log).toEqual([`close ${b!.id}`, `close ${c!.id}`]);
  expect(all.of(service!, a!)).toBe(kept);
  expect(all.of(service!, b!)).not.toBe(changed);
  all.destroy();
  expect(log.slice(2)).toEqual([`destroy ${a!.id}`, `destroy ${b!.id}`]);
});
