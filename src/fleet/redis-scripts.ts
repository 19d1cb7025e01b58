import { script } from './redis-script.ts';
import { FORGOTTEN } from './region-store.ts';

/*
 * What happens on a server in one step. A script is run by its hash, and sent whole to a server that does not know it.
 *
 * Keys, each behind the prefix: `records` (hash: key → text), `changes` (sorted set: key by the place of its last change),
 * `forgotten` (sorted set: keys that changed by being forgotten), `meta` (hash: `seq` counts changes, `epoch` names the data), `keeper` (text, expires), `reports`, `digests`, `counted`
 * (hashes), `name:…` (texts, expire), `alert:…` (hashes, expire). `probe` is never there. The channel is `changed`. What is
 * `strong:…` is for the scripts of strong/redis-acceptor-scripts.ts.
 */

/** What the keys end in, in the order in which every script is given them. */
const ENDINGS = {
  records: 'records',
  changes: 'changes',
  meta: 'meta',
  changed: 'changed',
  keeper: 'keeper',
  reports: 'reports',
  digests: 'digests',
  counted: 'counted',
  name: 'name:',
  probe: 'probe',
  alert: 'alert:',
  forgotten: 'forgotten',
  accepted: 'strong:accepted',
  promised: 'strong:promised',
  moves: 'strong:moves',
  lives: 'strong:lives',
} as const;

/** The keys by what is in them; their values are in the order of the scripts. */
export type FleetKeys = Readonly<Record<keyof typeof ENDINGS, string>>;

/** How a script names each of its keys: `KEYS[1]` and so on. */
export const KEY = Object.fromEntries(Object.keys(ENDINGS).map((key, i) => [key, `KEYS[${i + 1}]`])) as FleetKeys;

/** How long names are kept that nobody has used. */
export const NAME_SECONDS = 3600;

/** An answer with more than this ends there, and the rest is asked for next: one answer must get through within its limit. */
export const ANSWER_BYTES = 256 * 1024;

/**
 * `epoch` is for the case that there is none. Of each record: `was` is the hash of the text that is to be replaced (empty:
 * none). Answers for each: `+`, or `=` and the text that is there instead, or `-` where there is none.
 */
export const SWAP = script(
  { args: ['epoch'], lists: { records: ['key', 'was', 'text'] } },
  (each) => `
  local answers = {}
  redis.call('HSETNX', ${KEY.meta}, 'epoch', epoch)
  ${each('records')}
    local there = redis.call('HGET', ${KEY.records}, key)
    local hash = there and redis.sha1hex(there) or ''
    if hash == was then
      redis.call('HSET', ${KEY.records}, key, text)
      local seq = redis.call('HINCRBY', ${KEY.meta}, 'seq', 1)
      redis.call('ZADD', ${KEY.changes}, seq, key)
      redis.call('PUBLISH', ${KEY.changed}, seq .. ' ' .. #key .. ' ' .. key .. text)
      answers[#answers + 1] = '+'
    else
      answers[#answers + 1] = there and '=' .. there or '-'
    end
  end
  return answers
`,
);

/** Keys that were forgotten and are announced as such; beyond, the oldest go. An edge that has not asked for so long keeps its copy until it starts anew. */
const FORGOTTEN_MAX = 1000;

/** Forgets a record, if its text has the hash `was`, and counts that as a change. Answers 1 when it is done. */
export const FORGET = script(
  { args: ['key', 'was'], lists: {} },
  () => `
  local there = redis.call('HGET', ${KEY.records}, key)
  if there and redis.sha1hex(there) ~= was then return { 0 } end
  redis.call('HDEL', ${KEY.records}, key)
  local seq = redis.call('HINCRBY', ${KEY.meta}, 'seq', 1)
  redis.call('ZADD', ${KEY.changes}, seq, key)
  redis.call('ZADD', ${KEY.forgotten}, seq, key)
  redis.call('PUBLISH', ${KEY.changed}, seq .. ' ' .. #key .. ' ' .. key .. '${FORGOTTEN}')
  for _, old in ipairs(redis.call('ZRANGE', ${KEY.forgotten}, 0, -${FORGOTTEN_MAX} - 1)) do
    redis.call('ZREM', ${KEY.forgotten}, old)
    if redis.call('HEXISTS', ${KEY.records}, old) == 0 then redis.call('ZREM', ${KEY.changes}, old) end
  end
  return { 1 }
`,
);

/**
 * `known` and `place` are the epoch and place that the asker knows, `most` how many changes it wants at most, `asker` who would
 * like to be the keeper for `lease_ms` (0: nobody). Answers: epoch, place to ask with next, whether there is more, keeper, why the server takes no
 * writes (empty: it does), then key and text of each change. Whether it does is found out by a write to `probe` that would
 * change nothing; a server that takes none has no keeper, whatever the lease says that it has from elsewhere.
 */
export const POLL = script(
  { args: ['known', 'place', 'most', 'asker', 'lease_ms'], lists: {} },
  () => `
  local epoch = redis.call('HGET', ${KEY.meta}, 'epoch') or ''
  local seq = tonumber(redis.call('HGET', ${KEY.meta}, 'seq') or '0')
  local limit = tonumber(most)
  local lease = tonumber(lease_ms)
  local probed = redis.pcall('SET', ${KEY.probe}, '', 'XX')
  local refused = type(probed) == 'table' and probed.err or ''
  if lease > 0 and refused == '' then
    local keeper = redis.call('GET', ${KEY.keeper})
    if not keeper then redis.pcall('SET', ${KEY.keeper}, asker, 'PX', lease) end
    if keeper == asker then redis.pcall('PEXPIRE', ${KEY.keeper}, lease) end
  end
  local answer = { epoch, seq, 0, refused == '' and redis.call('GET', ${KEY.keeper}) or '', refused }
  local after = (known == epoch) and place or '0'
  if limit == 0 then return answer end
  local found = redis.call('ZRANGEBYSCORE', ${KEY.changes}, '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, limit)
  local last = #found
  local bytes = 0
  for i = 1, #found, 2 do
    local text = redis.call('HGET', ${KEY.records}, found[i])
    if not text then text = redis.call('ZSCORE', ${KEY.forgotten}, found[i]) and '${FORGOTTEN}' or '' end
    answer[#answer + 1] = found[i]
    answer[#answer + 1] = text
    bytes = bytes + #text
    if bytes >= ${ANSWER_BYTES} then
      last = i + 1
      break
    end
  end
  if last < #found or #found == limit * 2 then
    answer[2] = tonumber(found[last])
    answer[3] = 1
  end
  return answer
`,
);

/**
 * `hash` and `text` are of the name that the report counts on (empty text: not given); `digests` are those that are known.
 * Answers: 1 when the name is wanted, the number of the report that was counted last, then region and text of digests.
 */
export const TELL = script(
  { args: ['edge', 'report', 'hash', 'text'], lists: { digests: ['region', 'number'] } },
  (each) => `
  redis.call('HSET', ${KEY.reports}, edge, report)
  local name = ${KEY.name} .. hash
  if text ~= '' then redis.call('SET', name, text, 'EX', ${NAME_SECONDS}) end
  local wants = redis.call('EXPIRE', name, ${NAME_SECONDS}) == 0 and 1 or 0
  local answer = { wants, redis.call('HGET', ${KEY.counted}, edge) or '' }
  local known = {}
  ${each('digests')}
    known[region] = number
  end
  local digests = redis.call('HGETALL', ${KEY.digests})
  for i = 1, #digests, 2 do
    local number = string.match(digests[i + 1], '^[^ ]*')
    if known[digests[i]] ~= number then
      answer[#answer + 1] = digests[i]
      answer[#answer + 1] = digests[i + 1]
    end
  end
  return answer
`,
);

/** `text` is that of a digest, `clients` that of clients beside it, under the field `clients_at` (empty text: none); `forget` are edges to forget. Answers the hashes of the names that are wanted (empty text: not given). */
export const PUBLISH = script(
  {
    args: ['region', 'number', 'text', 'clients_at', 'clients'],
    lists: { names: ['hash', 'name_text'], forget: ['silent'], counted: ['edge', 'report'] },
  },
  (each) => `
  redis.call('HSET', ${KEY.digests}, region, number .. ' ' .. text)
  if clients == '' then
    redis.call('HDEL', ${KEY.digests}, clients_at)
  else
    redis.call('HSET', ${KEY.digests}, clients_at, number .. ' ' .. clients)
  end
  local wanted = {}
  ${each('names')}
    local name = ${KEY.name} .. hash
    if name_text ~= '' then redis.call('SET', name, name_text, 'EX', ${NAME_SECONDS}) end
    if redis.call('EXPIRE', name, ${NAME_SECONDS}) == 0 then wanted[#wanted + 1] = hash end
  end
  ${each('forget')}
    redis.call('HDEL', ${KEY.reports}, silent)
    redis.call('HDEL', ${KEY.counted}, silent)
  end
  ${each('counted')}
    redis.call('HSET', ${KEY.counted}, edge, report)
  end
  return wanted
`,
);

/** How long who notifies of an alert is remembered when no edge says anything about it: longer than edges are restarted. */
export const CLAIM_MS = 15 * 60_000;

/**
 * `present` are the edges that are there. Of each alert: `want` is `hold`, `stand-by` or `leave`, `notified` is 1 when the edge
 * has notified of it, and `fresh_ms` is how long an edge that sees it counts if it is there. An alert has the edge that notifies of it (`holder`), whether that
 * was delivered (`told`), and when each edge that could notify last said that it sees it (`e:edge`), by the server's clock.
 * Whoever is first holds it, until it leaves, is silent, or is taken over from. Answers for each: holder, told.
 */
export const CLAIM = script(
  { args: ['edge'], lists: { present: ['other'], alerts: ['alert', 'want', 'notified', 'fresh_ms'] } },
  (each) => `
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  local answer, there = {}, {}
  ${each('present')}
    there[other] = true
  end
  ${each('alerts')}
    local key, fresh = ${KEY.alert} .. alert, tonumber(fresh_ms)
    local heir = ''
    local all = redis.call('HGETALL', key)
    local seen, holder, delivered = {}, '', ''
    for at = 1, #all, 2 do
      local name = string.match(all[at], '^e:(.*)$')
      if all[at] == 'holder' then holder = all[at + 1] end
      if all[at] == 'told' then delivered = all[at + 1] end
      if name and there[name] and tonumber(all[at + 1]) > now - fresh then
        seen[name] = true
        if name ~= edge and (heir == '' or name < heir) then heir = name end
      end
    end
    local mine = holder == '' or holder == edge or not seen[holder]
    if notified == '1' then delivered = '1' end
    if want == 'hold' then redis.call('HSET', key, 'e:' .. edge, now) else redis.call('HDEL', key, 'e:' .. edge) end
    if mine and want == 'hold' then holder = edge end
    if mine and want == 'stand-by' then holder = heir ~= '' and heir or edge end
    if mine and want == 'leave' then holder = heir end
    if holder == '' then
      redis.call('DEL', key)
    else
      redis.call('HSET', key, 'holder', holder, 'told', delivered)
      redis.call('PEXPIRE', key, ${CLAIM_MS})
    end
    answer[#answer + 1] = holder
    answer[#answer + 1] = delivered
  end
  return answer
`,
);

/** The keys of every script by what is in them, behind the prefix. */
export function keysBehind(prefix: string): FleetKeys {
  return Object.fromEntries(Object.entries(ENDINGS).map(([key, ending]) => [key, prefix + ending])) as FleetKeys;
}
