import { createServer } from 'node:net';

/** Above PostgreSQL's own, where nothing is registered that servers of databases would meet. */
const first = 5499;
const tries = 100;

/** A port that nothing listens on and that none of the others has; clusters that listen on sockets only have numbers, too. */
export async function freePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let port = first; port < first + tries; port++)
    if (!taken.has(port) && (await isFree(port))) return port;
  return first;
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: 'localhost', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
