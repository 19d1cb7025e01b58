import type { Refusal } from './ports.ts';
import { type AdminReply, json, refuse } from './reply.ts';

/** Carries out an order whose body is JSON; an empty body is an order without particulars. `example` says what would be right. */
export async function orderReply(
  body: string,
  order: (body: unknown) => Promise<object | Refusal>,
  example: string,
): Promise<AdminReply> {
  const read = parsed(body);
  if (read === undefined) return refuse(400, 'the body is no JSON object', example);
  const answer = await order(read.value);
  if (!isRefusal(answer)) return json(200, answer);
  const { error, status, fix = example, problems } = answer;
  return json(status, { error, fix, ...(problems === undefined ? {} : { problems }) });
}

function parsed(body: string): { readonly value: unknown } | undefined {
  if (body.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return undefined;
  }
}

function isRefusal(answer: object): answer is Refusal {
  return 'error' in answer && 'status' in answer;
}
