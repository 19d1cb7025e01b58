import { expect, test } from 'vitest';
import { parseCommand } from '../../../src/demo/command.ts';

test.each([
  ['', { type: 'run', forMs: undefined, port: 0, rate: 60 }],
  ['--for 20s', { type: 'run', forMs: 20_000, port: 0, rate: 60 }],
  ['--for=1m30s --port 9000 --rate 1000', { type: 'run', forMs: 90_000, port: 9000, rate: 1000 }],
  ['--port 65528', { type: 'run', forMs: undefined, port: 65_528, rate: 60 }],
  ['--help', { type: 'help' }],
  [
    'kill gcp',
    { type: 'tell', verb: 'kill', target: { name: 'gcp', ids: ['gcp/europe-west1', 'gcp/asia-northeast1'] } },
  ],
  ['hang japaneast', { type: 'tell', verb: 'hang', target: { name: 'azure/japaneast', ids: ['azure/japaneast'] } }],
  [
    'origin --cloud aws --region us-east-1 --listen 0.0.0.0:8080',
    { type: 'origin', cloud: 'aws', region: 'us-east-1', host: '0.0.0.0', port: 8080, delayMs: 0 },
  ],
  [
    'origin --cloud gcp --region mars-1 --listen [::1]:0 --delay 80ms',
    { type: 'origin', cloud: 'gcp', region: 'mars-1', host: '::1', port: 0, delayMs: 80 },
  ],
  [
    'origin --cloud azure --region uksouth --listen :81',
    { type: 'origin', cloud: 'azure', region: 'uksouth', host: '0.0.0.0', port: 81, delayMs: 0 },
  ],
])('demo %s', (line, command) => {
  expect(parseCommand(words(line))).toEqual(command);
});

test.each([
  ['--for', '--for'],
  ['--for 20', '--for takes a time'],
  ['--for 0s', '--for takes a time'],
  ['--for 25h', '--for takes a time'],
  ['--port -1', '--port'],
  ['--port 65529', '--port takes the first of 8'],
  ['--port 8080x', '--port takes'],
  ['--rate 0', '--rate takes requests a second, 1 to 1000'],
  ['--rate 1001', '--rate'],
  ['--rate 1.5', '--rate'],
  ['--rate 1e2', '--rate'],
  ['--fro 20s', '--fro'],
  ['--for 5s gcp', 'gcp'],
  ['kil gcp', 'did you mean "kill"'],
  ['kill', 'kill takes one region or cloud'],
  ['kill gcp aws', 'kill takes one region or cloud'],
  ['kill gpc', 'did you mean "gcp"'],
  ['kill --for 5s', 'kill takes one'],
  ['origin', '--cloud'],
  ['origin --cloud ibm --region x --listen :1', '--cloud aws, gcp, azure'],
  ['origin --cloud aws --listen :1', '--region'],
  ['origin --cloud aws --region us-east-1', '--listen'],
  ['origin --cloud aws --region us-east-1 --listen 8080', '--listen'],
  ['origin --cloud aws --region us-east-1 --listen h:65536', '--listen'],
  ['origin --cloud aws --region us-east-1 --listen :1 --delay 2m', '--delay takes'],
])('demo %s is wrong usage, in one line', (line, part) => {
  const command = parseCommand(words(line));
  expect(command.type).toBe('wrong');
  const { message } = command as { message: string };
  expect(message).toContain(part);
  expect(message).not.toContain('\n');
});

function words(line: string): string[] {
  return line.split(' ').filter(Boolean);
}
