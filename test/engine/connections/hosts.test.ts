import assert from 'node:assert/strict';
import { connectClient, endClient, openAccess, serverFacts } from '../../../src/engine/connections';
import type { ConnectionSettings } from '../../../src/engine/connections';
import { bare, failure, resolved } from '../../support/connect';
import { freePort, startCluster, type Cluster } from '../../support/postgres';

type Wanted = NonNullable<ConnectionSettings['targetSessionAttrs']>;

describe('Several hosts (engine)', function () {
  let primary: Cluster;
  let standby: Cluster;
  let readOnly: Cluster;

  before(async () => {
    [primary, standby, readOnly] = await Promise.all([
      startCluster(15),
      startCluster(15, { standby: true }),
      startCluster(15, { settings: { default_transaction_read_only: 'on' } }),
    ]);
  });
  after(async () => {
    await Promise.all([primary?.stop(), standby?.stop(), readOnly?.stop()]);
  });

  async function chosen(wanted: Wanted, order: Cluster[]): Promise<string> {
    const dead = { host: '127.0.0.1', port: await freePort() };
    const hosts = [dead, ...order.map(({ socketDir, port }) => ({ host: socketDir, port }))];
    const target = await resolved({
      hosts,
      user: 'postgres',
      database: 'postgres',
      targetSessionAttrs: wanted,
    });
    try {
      const access = await openAccess(target, { env: bare });
      const names = new Map([
        [primary.port, 'primary'],
        [standby.port, 'standby'],
        [readOnly.port, 'read-only'],
      ]);
      return names.get(access.endpoint.port) ?? 'none of them';
    } catch (error) {
      const explained = await failure(Promise.reject(error));
      assert.match(explained.why, new RegExp(`:${dead.port}`), 'the dead host is named too');
      return explained.code;
    }
  }

  const table: [Wanted, ('primary' | 'standby' | 'readOnly')[], string][] = [
    ['any', ['standby', 'primary'], 'standby'],
    ['read-write', ['standby', 'readOnly', 'primary'], 'primary'],
    ['read-only', ['primary', 'readOnly'], 'read-only'],
    ['read-only', ['primary', 'standby'], 'standby'],
    ['primary', ['standby', 'readOnly', 'primary'], 'read-only'],
    ['standby', ['primary', 'readOnly', 'standby'], 'standby'],
    ['prefer-standby', ['primary', 'standby'], 'standby'],
    ['prefer-standby', ['primary', 'readOnly'], 'primary'],
    ['read-write', ['standby', 'readOnly'], 'connection.refused'],
    ['standby', ['primary'], 'connection.refused'],
  ];
  for (const [wanted, order, result] of table)
    it(`chooses ${result} for ${wanted} among a dead host, ${order.join(', ')}`, async () => {
      const clusters = { primary, standby, readOnly };
      assert.equal(
        await chosen(
          wanted,
          order.map((name) => clusters[name]),
        ),
        result,
      );
    });

  it('knows a standby’s place in the log', async () => {
    const hosts = [{ host: standby.socketDir, port: standby.port }];
    const access = await openAccess(await resolved({ hosts, user: 'postgres' }), { env: bare });
    const client = await connectClient(access, 'postgres');
    const facts = await serverFacts(client);
    assert.equal(facts.inRecovery, true);
    assert.match(facts.lsn ?? '', /^[0-9A-F]+\/[0-9A-F]+$/);
    await endClient(client);
  });

  it('takes another host when the first is gone later', async () => {
    const target = await resolved({
      hosts: [primary, readOnly].map(({ socketDir, port }) => ({ host: socketDir, port })),
      user: 'postgres',
      database: 'postgres',
    });
    const first = await openAccess(target, { env: bare });
    assert.equal(first.endpoint.port, primary.port);
    await primary.stop();
    const error = await failure(connectClient(first, 'postgres'));
    assert.equal(error.code, 'connection.refused');
    assert.equal((await openAccess(target, { env: bare })).endpoint.port, readOnly.port);
  });
});
