import { createHash } from 'node:crypto';

/*
 * What happens on a server in one step. A script is run by its hash, and sent whole to a server that does not know it.
 *
 * Keys, each behind the prefix: `records` (hash: key → text), `changes` (sorted set: key by the place of its last change),
 * `meta` (hash: `seq` counts changes, `epoch` names the data), `keeper` (text, expires), `reports`, `digests`, `counted`
 * (hashes), `name:…` (texts, expire), `alert:…` (hashes, expire). `probe` is never there. The channel is `changed`.
 */

/** A script and its hash. */
export type Script = { readonly text: string; readonly sha: string };

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
} as const;

/** The keys by what is in them; their values are in the order of the scripts. */
export type FleetKeys = Readonly<Record<keyof typeof ENDINGS, string>>;

/** How a script names each of its keys: `KEYS[1]` and so on. */
const KEY = Object.fromEntries(Object.keys(ENDINGS).map((key, i) => [key, `KEYS[${i + 1}]`])) as FleetKeys;

/** How long names are kept that nobody has used. */
export const NAME_SECONDS = 3600;

/** An answer with more than this ends there, and the rest is asked for next: one answer must get through within its limit. */
export const ANSWER_BYTES = 256 * 1024;

/**
 * ARGV: an epoch in case there is none; then for each record its key, the hash of the text that is to be replaced (empty:
 * none) and the text. Answers for each: `+`, or `=` and the text that is there instead, or `-` where there is none.
 */
export const SWAP = script(`
  local answers = {}
  redis.call('HSETNX', ${KEY.meta}, 'epoch', ARGV[1])
  for i = 2, #ARGV, 3 do
    local key, was, text = ARGV[i], ARGV[i + 1], ARGV[i + 2]
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
`);

/**
 * ARGV: the epoch and place that the asker knows, how many changes it wants at most, and who would like to be the keeper for
 * how many ms (0: nobody). Answers: epoch, place to ask with next, whether there is more, keeper, why the server takes no
 * writes (empty: it does), then key and text of each change. Whether it does is found out by a write to `probe` that would
 * change nothing; a server that takes none has no keeper, whatever the lease says that it has from elsewhere.
 */
export const POLL = script(`
  local epoch = redis.call('HGET', ${KEY.meta}, 'epoch') or ''
  local seq = tonumber(redis.call('HGET', ${KEY.meta}, 'seq') or '0')
  local most = tonumber(ARGV[3])
  local lease = tonumber(ARGV[5])
  local probed = redis.pcall('SET', ${KEY.probe}, '', 'XX')
  local refused = type(probed) == 'table' and probed.err or ''
  if lease > 0 and refused == '' then
    local keeper = redis.call('GET', ${KEY.keeper})
    if not keeper then redis.pcall('SET', ${KEY.keeper}, ARGV[4], 'PX', lease) end
    if keeper == ARGV[4] then redis.pcall('PEXPIRE', ${KEY.keeper}, lease) end
  end
  local answer = { epoch, seq, 0, refused == '' and redis.call('GET', ${KEY.keeper}) or '', refused }
  local after = (ARGV[1] == epoch) and ARGV[2] or '0'
  if most == 0 then return answer end
  local found = redis.call('ZRANGEBYSCORE', ${KEY.changes}, '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, most)
  local last = #found
  local bytes = 0
  for i = 1, #found, 2 do
    local text = redis.call('HGET', ${KEY.records}, found[i]) or ''
    answer[#answer + 1] = found[i]
    answer[#answer + 1] = text
    bytes = bytes + #text
    if bytes >= ${ANSWER_BYTES} then
      last = i + 1
      break
    end
  end
  if last < #found or #found == most * 2 then
    answer[2] = tonumber(found[last])
    answer[3] = 1
  end
  return answer
`);

/**
 * ARGV: edge, its report, a name's key, its text (empty: not given), then region and number of each digest that is known.
 * Answers: 1 when the name is wanted, the number of the report that was counted last, then region and text of digests.
 */
export const TELL = script(`
  redis.call('HSET', ${KEY.reports}, ARGV[1], ARGV[2])
  local name = ${KEY.name} .. ARGV[3]
  if ARGV[4] ~= '' then redis.call('SET', name, ARGV[4], 'EX', ${NAME_SECONDS}) end
  local wants = redis.call('EXPIRE', name, ${NAME_SECONDS}) == 0 and 1 or 0
  local answer = { wants, redis.call('HGET', ${KEY.counted}, ARGV[1]) or '' }
  local known = {}
  for i = 5, #ARGV, 2 do known[ARGV[i]] = ARGV[i + 1] end
  local digests = redis.call('HGETALL', ${KEY.digests})
  for i = 1, #digests, 2 do
    local number = string.match(digests[i + 1], '^[^ ]*')
    if known[digests[i]] ~= number then
      answer[#answer + 1] = digests[i]
      answer[#answer + 1] = digests[i + 1]
    end
  end
  return answer
`);

/** ARGV: region, number and text of a digest, how many names, each name's hash and text (empty: not given), how many edges
 * to forget, their names, then edge and number of what was counted. Answers the hashes of the names that are wanted. */
export const PUBLISH = script(`
  redis.call('HSET', ${KEY.digests}, ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
  local wanted = {}
  local at = 5
  for i = 1, tonumber(ARGV[4]) do
    local name = ${KEY.name} .. ARGV[at]
    if ARGV[at + 1] ~= '' then redis.call('SET', name, ARGV[at + 1], 'EX', ${NAME_SECONDS}) end
    if redis.call('EXPIRE', name, ${NAME_SECONDS}) == 0 then wanted[#wanted + 1] = ARGV[at] end
    at = at + 2
  end
  local forget = tonumber(ARGV[at])
  for i = at + 1, at + forget do
    redis.call('HDEL', ${KEY.reports}, ARGV[i])
    redis.call('HDEL', ${KEY.counted}, ARGV[i])
  end
  at = at + forget + 1
  for i = at, #ARGV, 2 do redis.call('HSET', ${KEY.counted}, ARGV[i], ARGV[i + 1]) end
  return wanted
`);

/** How long who notifies of an alert is remembered when no edge says anything about it: longer than edges are restarted. */
export const CLAIM_MS = 15 * 60_000;

/**
 * ARGV: edge, how many edges are there and their names; then for each alert its name, `hold`, `stand-by` or `leave`, 1 when the
 * edge has notified of it, and for how many ms an edge that sees it counts if it is there. An alert has the edge that notifies of it (`holder`), whether that
 * was delivered (`told`), and when each edge that could notify last said that it sees it (`e:edge`), by the server's clock.
 * Whoever is first holds it, until it leaves, is silent, or is taken over from. Answers for each: holder, told.
 */
export const CLAIM = script(`
  local edge = ARGV[1]
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  local answer, there = {}, {}
  local first = 3 + tonumber(ARGV[2])
  for i = 3, first - 1 do there[ARGV[i]] = true end
  for i = first, #ARGV, 4 do
    local key, want, notified, fresh = ${KEY.alert} .. ARGV[i], ARGV[i + 1], ARGV[i + 2], tonumber(ARGV[i + 3])
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
`);

/** The keys of every script by what is in them, behind the prefix. */
export function keysBehind(prefix: string): FleetKeys {
  return Object.fromEntries(Object.entries(ENDINGS).map(([key, ending]) => [key, prefix + ending])) as FleetKeys;
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
