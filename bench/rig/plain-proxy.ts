/*
 * @fastify/http-proxy with nothing added, as a process of its own: `plain-proxy.ts PORT [CERT KEY]`, with HTTPS in front
 * when there is a certificate. It tells its port to its parent.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import httpProxy from '@fastify/http-proxy';
import Fastify from 'fastify';

const [upstream, cert, key] = process.argv.slice(2);
const https = cert === undefined || key === undefined ? null : { cert: readFileSync(cert), key: readFileSync(key) };
const app = Fastify({ logger: false, https });
await app.register(httpProxy, { upstream: `http://127.0.0.1:${upstream}` });
await app.listen({ port: 0, host: '127.0.0.1' });
process.send?.((app.server.address() as AddressInfo).port);
