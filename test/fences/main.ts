/*
 * A million random requests against random fences: panic, drains, failovers, lost patience, copies, fallbacks and reloads, in any mix.
 *
 *   npm run fences [-- --requests 1000000 --seed N]
 *
 * The product's own path decides, without sockets; a judge that knows nothing of it (judge.ts) says whether whoever was sent to, and wherever a copy
 * came from, was allowed. Exits with 1 when anything leaked.
 */
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const { leaks, figures } = campaign(Number(values.seed), Number(values.requests));
console.log(`seed ${values.seed}`);
for (const leak of leaks.slice(0, 20)) console.log(leak);
console.log(
  Object.entries(figures)
    .map(([name, count]) => `${name} ${count}`)
    .join(', '),
);
console.log(`${leaks.length} leaks`);
// Undici's pools keep the process alive.
process.exit(leaks.length > 0 ? 1 : 0);
