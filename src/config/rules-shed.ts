import type { Fault } from './kind.ts';
import { PRIORITIES } from './priorities.ts';
import { asList, asMapping, asText, type Mapping } from './raw.ts';
import { didYouMean } from './suggest.ts';

/** What is shed is a priority that there is. */
export function shedFaults(root: Mapping): readonly Fault[] {
  const common = Object.keys(asMapping(asMapping(root['routing'])['priorities']));
  return Object.entries(asMapping(root['services'])).flatMap(([service, given]) => {
    const own = Object.keys(asMapping(asMapping(asMapping(given)['routing'])['priorities']));
    const names = [...new Set([...Object.keys(PRIORITIES), ...common, ...own])];
    return asList(asMapping(asMapping(given)['shed'])['order']).flatMap((item, index): readonly Fault[] => {
      const name = asText(item);
      if (name === undefined || names.includes(name)) return [];
      const message = `names no priority: "${name}"; there are ${names.join(', ')}, and others go under routing.priorities${didYouMean(name, names)}`;
      return [{ path: ['services', service, 'shed', 'order', index], message }];
    });
  });
}
