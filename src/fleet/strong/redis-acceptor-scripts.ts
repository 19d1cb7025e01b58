import { script } from '../redis-script.ts';
import { ANSWER_BYTES, KEY } from '../redis-scripts.ts';
import { BALLOT_DIGITS, FIRST_GENERATION, GENERATION_DIGITS } from './ballot.ts';

/*
 * A store's part in strong values (acceptor.ts), each in one step. Keys: `accepted` (hash: key → ballot and text), `promised` (hash:
 * key → ballot), `moves` (sorted set: key by the place of its last acceptance), `lives` (hash: region → generation, space, life). In
 * `meta` are `generation`, `member` (the life that was admitted), `floor` and `moved`, which counts acceptances.
 *
 * `run` is the server's own name for its run, which a script cannot ask for; who calls it has asked on the same connection. With
 * the epoch of the data it makes the life. Member is who has the life that was admitted: a server that was restarted, or emptied, is none.
 */

const STANDING = `
  local epoch = redis.call('HGET', ${KEY.meta}, 'epoch') or ''
  local life = run .. '/' .. epoch
  local member = epoch ~= '' and redis.call('HGET', ${KEY.meta}, 'member') == life
  local generation = redis.call('HGET', ${KEY.meta}, 'generation') or '${FIRST_GENERATION}'
  local floor = redis.call('HGET', ${KEY.meta}, 'floor') or ''
`;

const AND_LIVES = `
  for _, one in ipairs(redis.call('HGETALL', ${KEY.lives})) do answer[#answer + 1] = one end
  return answer
`;

/** Takes note of lives that are later than those that are known. */
const LEARN_LIVES = (each: string): string => `
  ${each}
    local known = redis.call('HGET', ${KEY.lives}, region) or ''
    if string.sub(known, 1, ${GENERATION_DIGITS}) < since then redis.call('HSET', ${KEY.lives}, region, since .. ' ' .. of) end
  end
`;

const RAISE_FLOOR = `
  if to > floor then redis.call('HSET', ${KEY.meta}, 'floor', to) end
`;

const LIVES = ['region', 'since', 'of'] as const;

/** Answers: whether it is granted, whether it is a member, generation, life, what was promised before, what is accepted, lives. */
export const VOTE = script(
  { args: ['run', 'key', 'ballot'], lists: {} },
  () => `
  ${STANDING}
  local promised = redis.call('HGET', ${KEY.promised}, key) or floor
  local granted = 0
  if ballot ~= '' and member then
    local of = string.sub(ballot, 1, ${GENERATION_DIGITS})
    if of >= generation and ballot > promised then
      redis.call('HSET', ${KEY.promised}, key, ballot)
      if of > generation then redis.call('HSET', ${KEY.meta}, 'generation', of) end
      granted = 1
    end
  end
  local answer = { granted, member and 1 or 0, generation, life, promised, redis.call('HGET', ${KEY.accepted}, key) or '' }
  ${AND_LIVES}
`,
);

/** Answers 1 when it is accepted. */
export const ACCEPT = script(
  { args: ['run', 'key', 'ballot', 'granted_by', 'text'], lists: {} },
  () => `
  ${STANDING}
  if not member or life ~= granted_by or string.sub(ballot, 1, ${GENERATION_DIGITS}) < generation then return { 0 } end
  if redis.call('HGET', ${KEY.promised}, key) ~= ballot then return { 0 } end
  redis.call('HSET', ${KEY.accepted}, key, ballot .. text)
  redis.call('ZADD', ${KEY.moves}, redis.call('HINCRBY', ${KEY.meta}, 'moved', 1), key)
  return { 1 }
`,
);

/** `fresh` is for a store without an epoch. Answers: whether it is a member, generation, life, floor, lives. */
export const STAND = script(
  { args: ['run', 'fresh'], lists: {} },
  () => `
  redis.call('HSETNX', ${KEY.meta}, 'epoch', fresh)
  ${STANDING}
  local answer = { member and 1 or 0, generation, life, floor }
  ${AND_LIVES}
`,
);

/** Answers 1 when it is done. */
export const FENCE = script(
  { args: ['run', 'next'], lists: { lives: LIVES } },
  (each) => `
  ${STANDING}
  if next <= generation then return { 0 } end
  redis.call('HSET', ${KEY.meta}, 'generation', next)
  ${LEARN_LIVES(each('lives'))}
  return { 1 }
`,
);

/** Answers: the place to ask with next, whether there is more, then key and what is accepted of each. */
export const DUMP = script(
  { args: ['place', 'most'], lists: {} },
  () => `
  local limit = tonumber(most)
  local found = redis.call('ZRANGEBYSCORE', ${KEY.moves}, '(' .. place, '+inf', 'WITHSCORES', 'LIMIT', 0, limit)
  local answer = { place, #found == limit * 2 and 1 or 0 }
  local bytes = 0
  for i = 1, #found, 2 do
    local text = redis.call('HGET', ${KEY.accepted}, found[i]) or ''
    answer[#answer + 1] = found[i]
    answer[#answer + 1] = text
    answer[1] = found[i + 1]
    bytes = bytes + #text
    if bytes >= ${ANSWER_BYTES} then
      answer[2] = 1
      break
    end
  end
  return answer
`,
);

/** What has to hold until a store has been made a member. */
const STILL = `
  if member or life ~= of_life or generation ~= since_fence then return { 0 } end
`;

/** `clear` is 1 when what the store has is to be forgotten. Answers 1 when it is done. */
export const INSTALL = script(
  { args: ['run', 'of_life', 'since_fence', 'clear'], lists: { entries: ['key', 'text'] } },
  (each) => `
  ${STANDING}
  ${STILL}
  if clear == '1' then redis.call('DEL', ${KEY.accepted}, ${KEY.promised}, ${KEY.moves}) end
  ${each('entries')}
    local there = redis.call('HGET', ${KEY.accepted}, key)
    if not there or string.sub(there, 1, ${BALLOT_DIGITS}) < string.sub(text, 1, ${BALLOT_DIGITS}) then
      redis.call('HSET', ${KEY.accepted}, key, text)
      redis.call('ZADD', ${KEY.moves}, redis.call('HINCRBY', ${KEY.meta}, 'moved', 1), key)
    end
  end
  return { 1 }
`,
);

/** Answers 1 when it is a member now. */
export const ADMIT = script(
  { args: ['run', 'of_life', 'since_fence', 'to'], lists: { lives: LIVES } },
  (each) => `
  ${STANDING}
  ${STILL}
  ${RAISE_FLOOR}
  ${LEARN_LIVES(each('lives'))}
  redis.call('HSET', ${KEY.meta}, 'member', life)
  return { 1 }
`,
);

/** Answers 1 when the key is forgotten. */
export const ERASE = script(
  { args: ['run', 'key', 'was_promised', 'was_accepted'], lists: {} },
  () => `
  ${STANDING}
  local promised = redis.call('HGET', ${KEY.promised}, key) or floor
  local accepted = string.sub(redis.call('HGET', ${KEY.accepted}, key) or '', 1, ${BALLOT_DIGITS})
  if not member or promised ~= was_promised or accepted ~= was_accepted then return { 0 } end
  local to = promised > accepted and promised or accepted
  ${RAISE_FLOOR}
  redis.call('HDEL', ${KEY.accepted}, key)
  redis.call('HDEL', ${KEY.promised}, key)
  redis.call('ZREM', ${KEY.moves}, key)
  return { 1 }
`,
);
