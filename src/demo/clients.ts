/** A client of the demo: an address that is only ever written into X-Forwarded-For, never sent to. */
export type DemoClient = {
  readonly name: string;
  /** ISO 3166-1 alpha-2: where the built-in database places the address. */
  readonly country: string;
  readonly address: string;
  /** Its part of the demo's traffic, relative to the others. */
  readonly weight: number;
};

/** Clients on every continent, weighted roughly as a shop that sells everywhere would see them. */
export const DEMO_CLIENTS: readonly DemoClient[] = [
  { name: 'Tokyo', country: 'JP', address: '133.11.0.1', weight: 4 },
  { name: 'Frankfurt', country: 'DE', address: '141.20.1.1', weight: 4 },
  { name: 'São Paulo', country: 'BR', address: '200.144.248.1', weight: 3 },
  { name: 'Boston', country: 'US', address: '18.9.22.1', weight: 5 },
  { name: 'London', country: 'GB', address: '131.111.8.1', weight: 2 },
  { name: 'Seoul', country: 'KR', address: '168.126.63.1', weight: 1 },
  { name: 'Mumbai', country: 'IN', address: '14.139.1.1', weight: 2 },
  { name: 'Sydney', country: 'AU', address: '129.78.1.1', weight: 1 },
  { name: 'Mexico City', country: 'MX', address: '132.248.1.1', weight: 1 },
  { name: 'Johannesburg', country: 'ZA', address: '196.25.1.1', weight: 1 },
];

/** What a request of the demo asks for; most ask for nothing, and get `balanced`. */
const PRIORITIES = [undefined, undefined, 'latency', 'reliability'] as const;

export type DemoRequest = { readonly client: DemoClient; readonly priority: (typeof PRIORITIES)[number] };

/** Who asks next, and with which priority. Both draws are from [0, 1). */
export function drawRequest(clientDraw: number, priorityDraw: number): DemoRequest {
  const total = DEMO_CLIENTS.reduce((sum, { weight }) => sum + weight, 0);
  let left = clientDraw * total;
  const client = DEMO_CLIENTS.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return {
    client: client ?? (DEMO_CLIENTS[0] as DemoClient),
    priority: PRIORITIES[Math.floor(priorityDraw * PRIORITIES.length)],
  };
}

/** The three commands that the demo offers to copy. Each is one line, or two with a backslash where that is too long. */
export function curlLines(url: string, columns: number): readonly string[] {
  return EXAMPLES.flatMap(([name, priority]) => {
    const client = DEMO_CLIENTS.find((known) => known.name === name) as DemoClient;
    const start = `curl -i -H 'X-Forwarded-For: ${client.address}'`;
    const end = `-H 'routing-priority: ${priority}' ${url}`;
    const whole = `${start} ${end}`;
    return whole.length < columns ? [whole] : [`${start} \\`, `     ${end}`];
  });
}

/** Clients and priorities of the three commands. */
export const EXAMPLES = [
  ['Tokyo', 'latency'],
  ['Frankfurt', 'reliability'],
  ['São Paulo', 'balanced'],
] as const;
