import type { Fault } from './kind.ts';
import { type Path, pathText } from './problem.ts';
import { asList, asMapping, asText, isMapping, type Mapping } from './raw.ts';
import { LETS_ENCRYPT } from './schema-acme.ts';

/** What the keys of `acme` mean for each other, and for the listeners and the fleet of the file. */
export function acmeFaults(root: Mapping): readonly Fault[] {
  const edge = asMapping(root['edge']);
  const listeners = asList(edge['listeners']).map(asMapping);
  const blocks: readonly (readonly [Path, unknown])[] = [
    [['edge', 'tls', 'acme'], asMapping(edge['tls'])['acme']],
    ...listeners.map(({ tls }, i) => [['edge', 'listeners', i, 'tls', 'acme'], asMapping(tls)['acme']] as const),
  ];
  const plain = listeners.some(({ tls }) => tls === undefined);
  const given = blocks.flatMap(([at, acme]) => (isMapping(acme) ? [{ at, acme }] : []));
  return [
    ...given.flatMap(({ at, acme }) => oneAcme(at, acme, { plain, fleet: root['fleet'] })),
    ...emailFaults(given),
  ];
}

/** An account has one address, and there is one for each authority. */
function emailFaults(given: readonly { readonly at: Path; readonly acme: Mapping }[]): readonly Fault[] {
  const whose = ({ directory, folder, external_account }: Mapping): string =>
    JSON.stringify([directory ?? LETS_ENCRYPT, folder, asMapping(external_account)['key_id']]);
  return given.flatMap(({ at, acme }, i) => {
    const before = given.slice(0, i).find((one) => whose(one.acme) === whose(acme));
    if (before === undefined || before.acme['email'] === acme['email']) return [];
    const message = `is another than that of ${pathText(before.at)}, which has the same account; write the same`;
    return [{ path: [...at, 'email'], message }];
  });
}

type Beside = { readonly plain: boolean; readonly fleet: unknown };

function oneAcme(at: Path, acme: Mapping, { plain, fleet }: Beside): readonly Fault[] {
  const faults: Fault[] = [];
  const add = (key: string, message: string) => faults.push({ path: [...at, key], message });
  if (acme['agree_to_terms'] === undefined || acme['agree_to_terms'] === false) {
    add(
      'agree_to_terms',
      'is not true; an authority issues to nobody who has not agreed to its terms of service: read them, and write agree_to_terms: true',
    );
  }
  const challenges = asList(acme['challenges']);
  if (challenges.includes('http-01') && !plain) {
    const alone = challenges.length === 1 ? ', or tls-alpn-01 in its place' : ', or remove it';
    add(
      'challenges',
      `has http-01, which is asked on port 80, and no listener is without tls; add one: - { listen: ":80", redirect: https }${alone}`,
    );
  }
  if (acme['store'] !== 'fleet') {
    if (acme['secret'] !== undefined) add('secret', 'is only for store: fleet; write that, or remove it');
    return faults;
  }
  if (acme['secret'] === undefined) {
    add(
      'secret',
      'is missing; keys are in the store of the fleet only sealed: add secret: "${ACME_SECRET}", made with: openssl rand -hex 32',
    );
  }
  if (!isMapping(fleet)) {
    add('store', 'is fleet, and the file has no fleet; add it, or write folder');
  } else if ((asText(fleet['store']) ?? 'redis') !== 'redis') {
    add('store', 'is fleet, whose store is of this edge alone; write folder, or give the fleet a redis store');
  }
  return faults;
}
