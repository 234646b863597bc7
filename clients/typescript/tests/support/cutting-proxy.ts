import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A proxy that cuts connections at random: before a request, after it was sent, or in the middle of the answer. */
export async function cuttingProxy(test: TestContext, target: string): Promise<{ url: string; cuts: () => number }> {
  const { hostname, port } = new URL(target);
  let cuts = 0;
  const sockets = new Set<Socket>();
  const cut = (client: Socket, server: Socket): void => {
    cuts += 1;
    client.resetAndDestroy();
    server.destroy();
  };
  const isUnlucky = (): boolean => Math.random() < 0.2;

  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    client.on('data', (request) => {
      if (isUnlucky()) return cut(client, server);
      server.write(request);
      // The server gets the request, and works on it without a listener.
      if (isUnlucky()) setTimeout(() => cut(client, server), Math.random() * 20);
    });
    server.on('data', (answer) => {
      if (!isUnlucky()) return void client.write(answer);
      client.write(answer.subarray(0, Math.floor(Math.random() * answer.length)));
      setTimeout(() => cut(client, server), 1);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, cuts: () => cuts };
}
