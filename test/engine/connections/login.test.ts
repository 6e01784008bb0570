import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledError, RestorePointError } from '../../../src/engine/errors';
import {
  connectClient,
  openAccess,
  withClient,
  type ConnectionSettings,
} from '../../../src/engine/connections';
import { bare, failure, resolved, until } from '../../support/connect';
import { freePort, startCluster, type Cluster } from '../../support/postgres';

describe('Logging in to a real server (engine)', function () {
  let cluster: Cluster;
  let at: ConnectionSettings;
  const password = (): string => cluster.password;

  before(async () => {
    cluster = await startCluster(15, {
      settings: {
        max_connections: '8',
        superuser_reserved_connections: '1',
        logging_collector: 'on',
        log_directory: 'log',
        log_filename: 'server.log',
      },
      hba: [
        'local all all trust',
        'host all refused 127.0.0.1/32 reject',
        'host only_this limited 127.0.0.1/32 scram-sha-256',
        'host all limited 127.0.0.1/32 reject',
        'host all old_md5 127.0.0.1/32 md5',
        'host all clear 127.0.0.1/32 password',
        'host all postgres 127.0.0.1/32 scram-sha-256',
        'host all app 127.0.0.1/32 scram-sha-256',
        '',
      ].join('\n'),
    });
    at = { hosts: [{ host: '127.0.0.1', port: cluster.port }], user: 'postgres', database: 'postgres' };
    await cluster.sql(`create role app login password 'it''s a \\ "pässwörd"'`);
    await cluster.sql(`create role limited login password 'x'; create role refused login password 'x'`);
    await cluster.sql(`set password_encryption = 'md5'; create role old_md5 login password 'm'`);
    await cluster.sql(`create role clear login password 'c'`);
    await cluster.sql('create database only_this');
    await cluster.sql('create database "odd "" 🐘\n-name"');
  });
  after(async () => await cluster?.stop());

  it('logs in with scram, md5 and clear text passwords', async () => {
    for (const [user, secret] of [
      ['postgres', password()],
      ['app', 'it\'s a \\ "pässwörd"'],
      ['old_md5', 'm'],
      ['clear', 'c'],
    ] as const) {
      const access = await openAccess(await resolved({ ...at, user }), { password: secret, env: bare });
      const who = await withClient(access, 'postgres', (c) => c.query('select current_user as who'));
      assert.equal(who.rows[0].who, user);
      await access.close();
    }
  });

  it('names the user whose password is wrong, and never the password', async () => {
    const error = await failure(openAccess(await resolved(at), { password: 'wr0ng-secret', env: bare }));
    assert.equal(error.code, 'connection.password');
    assert.equal(error.sqlState, '28P01');
    assert.match(error.what, /"postgres"/);
    assert.deepEqual(error.remedies[0], { do: 'enterPassword' });
    assert.doesNotMatch(JSON.stringify(error.facts()) + error.stack, /wr0ng-secret/);
  });

  it('tries a wrong password once where there is no TLS to fall back from', async () => {
    const failures = async (): Promise<number> => {
      const log = await readFile(join(cluster.dataDir, 'log', 'server.log'), 'utf8');
      return log.split('password authentication failed').length - 1;
    };
    const before = await failures();
    await failure(openAccess(await resolved({ ...at, sslMode: 'prefer' }), { password: 'x', env: bare }));
    await until(async () => (await failures()) > before);
    assert.equal((await failures()) - before, 1);
  });

  it('asks for a password only when the server does', async () => {
    const error = await failure(openAccess(await resolved(at), { env: bare }));
    assert.equal(error.code, 'connection.passwordNeeded');
    const access = await openAccess(
      await resolved({ ...at, hosts: [{ host: cluster.socketDir, port: cluster.port }] }),
      { env: bare },
    );
    await withClient(access, 'postgres', (c) => c.query('select 1'));
  });

  it('ignores PGPASSWORD and friends of this process once a connection is resolved', async () => {
    const access = await openAccess(await resolved(at), { password: password(), env: bare });
    const kept = { ...process.env };
    Object.assign(process.env, {
      PGOPTIONS: '-c search_path=evil',
      PGAPPNAME: 'evil',
      PGSSLMODE: 'require',
      PGSSLNEGOTIATION: 'direct',
      PGPORT: '1',
      PGUSER: 'evil',
    });
    try {
      const { rows } = await withClient(access, 'postgres', (c) =>
        c.query(`select current_setting('search_path') as path, current_setting('application_name') as name`),
      );
      assert.deepEqual(rows[0], { path: '"$user", public', name: 'Restore Point' });
    } finally {
      process.env = kept;
    }
  });

  it('gives options on to the server', async () => {
    const settings = { ...at, options: '-c search_path=x,\\ y -c work_mem=5MB' };
    const access = await openAccess(await resolved(settings), { password: password(), env: bare });
    const { rows } = await withClient(access, 'postgres', (c) =>
      c.query(`select current_setting('search_path') as path, current_setting('work_mem') as mem`),
    );
    assert.deepEqual(rows[0], { path: 'x, y', mem: '5MB' });
  });

  it('lets a missing database pass as a way into the server, and names it when it is opened', async () => {
    const target = await resolved({ ...at, database: 'no "such" db' });
    const access = await openAccess(target, { password: password(), env: bare });
    assert.equal(access.loginDatabase, 'postgres');
    const error = await failure(connectClient(access, 'no "such" db'));
    assert.equal(error.code, 'connection.database');
    assert.equal(error.sqlState, '3D000');
    assert.match(error.what, /no "such" db/);
  });

  it('opens databases with odd names', async () => {
    const access = await openAccess(await resolved(at), { password: password(), env: bare });
    const name = 'odd " 🐘\n-name';
    const { rows } = await withClient(access, name, (c) => c.query('select current_database() as name'));
    assert.equal(rows[0].name, name);
  });

  it('explains a refusal by pg_hba.conf, also one for a single database', async () => {
    const refused = await failure(
      openAccess(await resolved({ ...at, user: 'refused' }), { password: 'x', env: bare }),
    );
    assert.equal(refused.code, 'connection.hba');
    assert.match(refused.why, /pg_hba\.conf rejects connection/);
    const unknown = await failure(
      openAccess(await resolved({ ...at, user: 'nobody-at-all' }), { password: 'x', env: bare }),
    );
    assert.equal(unknown.code, 'connection.hba');
    assert.match(unknown.why, /no pg_hba\.conf entry/);
    const limited = await resolved({ ...at, user: 'limited' });
    assert.equal((await failure(openAccess(limited, { password: 'x', env: bare }))).code, 'connection.hba');
    const access = await openAccess(limited, { password: 'x', env: bare, database: 'only_this' });
    await withClient(access, 'only_this', (c) => c.query('select 1'));
  });

  it('explains a role that does not exist (by the socket, where no password hides it)', async () => {
    const settings = { ...at, hosts: [{ host: cluster.socketDir, port: cluster.port }], user: 'ghost' };
    assert.equal(
      (await failure(openAccess(await resolved(settings), { env: bare }))).code,
      'connection.role',
    );
  });

  it('explains a database one may not connect to', async () => {
    await cluster.sql('create database closed');
    await cluster.sql('revoke connect on database closed from public');
    const settings = { ...at, user: 'app' };
    const access = await openAccess(await resolved(settings), {
      password: 'it\'s a \\ "pässwörd"',
      env: bare,
    });
    const error = await failure(connectClient(access, 'closed'));
    assert.equal(error.code, 'connection.permission');
    assert.equal(error.sqlState, '42501');
  });

  it('explains a port nobody listens on, and a socket that is not there', async () => {
    const port = await freePort();
    const tcp = await failure(
      openAccess(await resolved({ ...at, hosts: [{ host: '127.0.0.1', port }] }), { env: bare }),
    );
    assert.equal(tcp.code, 'connection.refused');
    assert.match(tcp.what, new RegExp(`127\\.0\\.0\\.1:${port}`));
    const socket = await failure(
      openAccess(await resolved({ ...at, hosts: [{ host: '/no/such/folder', port }] }), { env: bare }),
    );
    assert.equal(socket.code, 'connection.refused');
    assert.match(socket.what, /\/no\/such\/folder\/\.s\.PGSQL/);
  });

  it('explains a host that does not exist', async () => {
    const hosts = [{ host: 'no-such-host.invalid', port: 5432 }];
    const error = await failure(openAccess(await resolved({ ...at, hosts }), { env: bare }));
    assert.equal(error.code, 'connection.host');
    assert.match(error.what, /no-such-host\.invalid/);
  });

  it('goes on to the next host, and says of each why it failed when none is left', async () => {
    const down = { host: '127.0.0.1', port: await freePort() };
    const log: string[] = [];
    const access = await openAccess(await resolved({ ...at, hosts: [down, ...(at.hosts ?? [])] }), {
      password: password(),
      env: bare,
      onLog: (text) => log.push(text),
    });
    assert.deepEqual(access.endpoint, at.hosts?.[0]);
    assert.match(log.join('\n'), new RegExp(`Nothing listens on 127.0.0.1:${down.port}`));
    const other = { host: '127.0.0.1', port: await freePort() };
    const error = await failure(openAccess(await resolved({ ...at, hosts: [down, other] }), { env: bare }));
    assert.equal(error.code, 'connection.refused');
    for (const { port } of [down, other]) assert.match(error.why, new RegExp(`:${port}`));
  });

  it('does not try another host after a wrong password', async () => {
    const [host] = at.hosts ?? [];
    assert.ok(host);
    const log: string[] = [];
    const never = { host: '127.0.0.1', port: await freePort() };
    const error = await failure(
      openAccess(await resolved({ ...at, hosts: [host, never] }), {
        password: 'wrong',
        env: bare,
        onLog: (text) => log.push(text),
      }),
    );
    assert.equal(error.code, 'connection.password');
    assert.doesNotMatch(log.join('\n'), new RegExp(`:${never.port}`));
  });

  it('explains a server without a connection to spare', async () => {
    // A role without privileges gets 8 - 1 sessions.
    const settings = { ...at, user: 'app' };
    const secret = 'it\'s a \\ "pässwörd"';
    const access = await openAccess(await resolved(settings), { password: secret, env: bare });
    const clients = [];
    try {
      for (;;) {
        try {
          clients.push(await connectClient(access, 'postgres'));
          assert.ok(clients.length < 20);
        } catch (error) {
          assert.ok(error instanceof RestorePointError);
          assert.equal(error.code, 'connection.tooMany');
          assert.equal(error.sqlState, '53300');
          break;
        }
      }
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  });

  it('explains a connection that is lost on the way', async () => {
    const server = await listen((socket) => socket.destroy());
    const error = await failure(
      openAccess(await resolved({ ...at, hosts: [placeOf(server)] }), { env: bare }),
    );
    assert.equal(error.code, 'connection.lost');
    server.close();
  });

  it('explains something that is not PostgreSQL', async () => {
    const server = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const error = await failure(
      openAccess(await resolved({ ...at, sslMode: 'require', hosts: [placeOf(server)] }), { env: bare }),
    );
    assert.equal(error.code, 'connection.protocol');
    server.close();
  });

  it('gives a server that never answers the connect timeout, and not more', async () => {
    const server = await listen(() => {});
    for (const sslMode of ['prefer', 'disable'] as const) {
      const settings = { ...at, sslMode, connectTimeoutSeconds: 2, hosts: [placeOf(server)] };
      const error = await failure(openAccess(await resolved(settings), { env: bare, password: 'x' }));
      assert.equal(error.code, 'connection.timeout');
      assert.match(error.why, /2 s/);
    }
    server.close();
  });

  it('can be cancelled while it waits', async () => {
    const cancel = new AbortController();
    const server = await listen(() => cancel.abort());
    const target = await resolved({ ...at, hosts: [placeOf(server)] });
    await assert.rejects(openAccess(target, { env: bare, signal: cancel.signal }), CancelledError);
    server.close();
  });

  it('cancels on the server what an aborted session does', async () => {
    const access = await openAccess(await resolved(at), { password: password(), env: bare });
    const cancel = new AbortController();
    const work = withClient(
      access,
      'postgres',
      async (client) => {
        const query = client.query('select pg_sleep(600)');
        await until(async () => (await sleepers()) === '1');
        cancel.abort();
        await query;
      },
      { signal: cancel.signal },
    );
    await assert.rejects(work, CancelledError);
    await until(async () => (await sleepers()) === '0');
  });

  it('finds the password file by itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rp-pass-'));
    try {
      const file = join(folder, 'pgpass');
      const escaped = password().replace(/[:\\]/g, '\\$&');
      await writeFile(file, `127.0.0.1:${cluster.port}:*:postgres:${escaped}\n`, { mode: 0o600 });
      const access = await openAccess(await resolved({ ...at, passFile: file }), { env: bare });
      assert.equal(access.password, password());
      await chmod(file, 0o644);
      if (process.platform === 'win32') return;
      const error = await failure(openAccess(await resolved({ ...at, passFile: file }), { env: bare }));
      assert.equal(error.code, 'connection.passwordNeeded');
      assert.match(error.why, /chmod 600/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const sleepers = (): Promise<string> =>
    cluster.sql(`select count(*) from pg_stat_activity where query = 'select pg_sleep(600)'`);

  it('explains a server that is starting up', async () => {
    // A stand-in: a real server is in this state for an instant only.
    const server = await listen((socket) => {
      socket.once('data', () => socket.write('N'));
      socket.on('data', (data) => {
        if (data.length > 8) socket.end(errorMessage('57P03', 'the database system is starting up'));
      });
    });
    const error = await failure(
      openAccess(await resolved({ ...at, hosts: [placeOf(server)] }), { env: bare }),
    );
    assert.equal(error.code, 'connection.startingUp');
    server.close();
  });
});

function errorMessage(code: string, text: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

async function listen(onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return server;
}

function placeOf(server: Server): { host: string; port: number } {
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  return { host: '127.0.0.1', port: address.port };
}
