import { isIP } from 'node:net';
import type { AdminPorts, Refusal } from './ports.ts';
import { type AdminReply, json, refuse } from './reply.ts';
import type { Query } from './request.ts';

const EXAMPLE = 'ask for /explain?client_ip=203.0.113.9, and if you like &priority=latency&service=NAME or &url=URL';
const KEYS = ['client_ip', 'priority', 'service', 'url'];

/** The answer of `/explain`: where a request of this client would go now, and why. */
export function explainReply(query: Query, explain: AdminPorts['explain']): AdminReply {
  const unknown = Object.keys(query).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return refuse(400, `unknown parameter "${unknown}"`, EXAMPLE);
  const clientIp = query['client_ip'] ?? '';
  if (clientIp === '') return refuse(400, 'client_ip is missing', EXAMPLE);
  if (isIP(clientIp) === 0) return refuse(400, `client_ip "${clientIp}" is no IPv4 or IPv6 address`, EXAMPLE);
  const [priority, service, url] = [given(query['priority']), given(query['service']), given(query['url'])];
  if (service !== undefined && url !== undefined)
    return refuse(400, 'url finds the service; give one of them', EXAMPLE);
  const answer = explain({ clientIp, priority, service, url });
  return isRefusal(answer) ? refuse(answer.status, answer.error, answer.fix ?? EXAMPLE) : json(200, answer);
}

/** A parameter without a value is one that was not given. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function isRefusal(answer: object): answer is Refusal {
  return 'error' in answer && 'status' in answer;
}
