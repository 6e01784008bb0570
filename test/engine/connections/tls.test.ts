import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  openAccess,
  toConninfo,
  withClient,
  type ConnectionSettings,
  type SslMode,
} from '../../../src/engine/connections';
import { giveToOwnerOf, makeAuthority, type Authority } from '../../support/certificates';
import { bare, failure, resolved, until } from '../../support/connect';
import { postgresBin, startCluster, type Cluster } from '../../support/postgres';

const run = promisify(execFile);

describe('TLS by libpq’s rules (engine)', function () {
  let cluster: Cluster;
  let folder: string;
  let authority: Authority;
  let stranger: Authority;
  /** host=localhost, in the certificate. */
  let byName: ConnectionSettings;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rp-tls-'));
    await chmod(folder, 0o755);
    authority = await makeAuthority(join(folder, 'ours'));
    stranger = await makeAuthority(join(folder, 'strange'), 'Stranger');
    const server = await authority.sign('server', 'not-the-name', ['DNS:localhost']);
    cluster = await startCluster(15, {
      hba: [
        'local all all trust',
        'hostssl all tls_only 127.0.0.1/32 scram-sha-256',
        'hostnossl all plain_only 127.0.0.1/32 scram-sha-256',
        'hostssl all cert_user 127.0.0.1/32 cert',
        'host all postgres 127.0.0.1/32 scram-sha-256',
        '',
      ].join('\n'),
    });
    await giveToOwnerOf(cluster.dataDir, server.cert, server.key);
    for (const [name, value] of [
      ['ssl_cert_file', server.cert],
      ['ssl_key_file', server.key],
      ['ssl_ca_file', authority.root],
      ['ssl', 'on'],
    ] as const)
      await cluster.sql(`alter system set ${name} = '${value}'`);
    await cluster.sql('select pg_reload_conf()');
    for (const role of ['tls_only', 'plain_only', 'cert_user'])
      await cluster.sql(`create role ${role} login password 'x'`);
    byName = {
      hosts: [{ host: 'localhost', port: cluster.port, address: '127.0.0.1' }],
      user: 'postgres',
      database: 'postgres',
    };
    const encrypted = await resolved({ ...byName, sslMode: 'require' });
    await until(() =>
      openAccess(encrypted, { password: cluster.password, env: bare }).then(
        () => true,
        () => false,
      ),
    );
  });
  after(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Whether a session is encrypted, by our client and by psql with the same settings; or the failure's code. */
  async function outcome(settings: ConnectionSettings, password = cluster.password): Promise<string> {
    const query = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
    try {
      const access = await openAccess(await resolved(settings), { password, env: bare });
      const { rows } = await withClient(access, 'postgres', (client) => client.query(query));
      const { stdout } = await run(
        join(cluster.bin, 'psql'),
        ['-XAt', '-d', toConninfo(access, 'postgres'), '-c', query],
        { env: { ...bare, PGPASSWORD: password, LC_ALL: 'C' } },
      );
      assert.equal(stdout.trim(), rows[0].ssl ? 't' : 'f', 'psql does as we do');
      return rows[0].ssl ? 'encrypted' : 'plain';
    } catch (error) {
      return (await failure(Promise.reject(error))).code;
    }
  }

  const modes: SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
  const each = async (
    settings: (sslMode: SslMode) => ConnectionSettings,
    password?: string,
  ): Promise<string[]> => {
    const results = [];
    for (const mode of modes) results.push(await outcome(settings(mode), password));
    return results;
  };

  it('encrypts by mode', async () => {
    assert.deepEqual(await each((sslMode) => ({ ...byName, sslMode, sslRootCert: authority.root })), [
      'plain',
      'plain',
      'encrypted',
      'encrypted',
      'encrypted',
      'encrypted',
    ]);
  });

  it('falls back both ways: to TLS where plain is refused, to plain where TLS is', async () => {
    assert.deepEqual(
      await each((sslMode) => ({ ...byName, sslMode, sslRootCert: authority.root, user: 'tls_only' }), 'x'),
      ['connection.hba', 'encrypted', 'encrypted', 'encrypted', 'encrypted', 'encrypted'],
    );
    assert.deepEqual(
      await each((sslMode) => ({ ...byName, sslMode, sslRootCert: authority.root, user: 'plain_only' }), 'x'),
      ['plain', 'plain', 'plain', 'connection.hba', 'connection.hba', 'connection.hba'],
    );
  });

  it('checks the name in verify-full only', async () => {
    const byAddress = { ...byName, hosts: [{ host: '127.0.0.1', port: cluster.port }] };
    assert.deepEqual(await each((sslMode) => ({ ...byAddress, sslMode, sslRootCert: authority.root })), [
      'plain',
      'plain',
      'encrypted',
      'encrypted',
      'encrypted',
      'connection.tls',
    ]);
    const error = await failure(
      openAccess(await resolved({ ...byAddress, sslMode: 'verify-full', sslRootCert: authority.root }), {
        env: bare,
      }),
    );
    assert.match(error.next, /verify-ca/);
  });

  it('trusts nobody else’s certificate; prefer goes on without', async () => {
    assert.deepEqual(await each((sslMode) => ({ ...byName, sslMode, sslRootCert: stranger.root })), [
      'plain',
      'plain',
      'plain',
      'connection.tls',
      'connection.tls',
      'connection.tls',
    ]);
  });

  it('needs a root certificate for the verifying modes only', async () => {
    assert.deepEqual(await each((sslMode) => ({ ...byName, sslMode })), [
      'plain',
      'plain',
      'encrypted',
      'encrypted',
      'connection.tls',
      'connection.tls',
    ]);
    const error = await failure(
      openAccess(await resolved({ ...byName, sslMode: 'verify-ca' }), { env: bare }),
    );
    assert.match(error.why, /root\.crt does not exist/);
  });

  it('does not find a private authority among the system’s', async () => {
    const error = await failure(
      openAccess(await resolved({ ...byName, sslRootCert: 'system' }), { env: bare }),
    );
    assert.equal(error.code, 'connection.tls');
    assert.match(error.why, /not trusted/);
  });

  it('logs in by a client certificate, named or in ~/.postgresql', async () => {
    const client = await authority.sign('client', 'cert_user');
    const settings: ConnectionSettings = { ...byName, user: 'cert_user', sslMode: 'verify-full' };
    const named = { ...settings, sslRootCert: authority.root, sslCert: client.cert, sslKey: client.key };
    assert.equal(await outcome(named, 'unused'), 'encrypted');
    const home = await mkdtemp(join(folder, 'home-'));
    await mkdir(join(home, '.postgresql'));
    await cp(authority.root, join(home, '.postgresql', 'root.crt'));
    await cp(client.cert, join(home, '.postgresql', 'postgresql.crt'));
    await cp(client.key, join(home, '.postgresql', 'postgresql.key'));
    if (process.platform !== 'win32')
      await openAccess(await resolved(settings), { env: { ...bare, HOME: home } });
    const without = await failure(
      openAccess(await resolved({ ...settings, sslRootCert: authority.root }), { env: bare }),
    );
    assert.equal(without.code, 'connection.tls');
    assert.match(without.why, /certificate/);
  });

  it('refuses a client key that others can read, and a missing one, by their paths', async function () {
    const client = await authority.sign('open', 'cert_user');
    const settings: ConnectionSettings = {
      ...byName,
      user: 'cert_user',
      sslMode: 'require',
      sslCert: client.cert,
    };
    const missing = await failure(
      openAccess(await resolved({ ...settings, sslKey: '/no/such.key' }), { env: bare }),
    );
    assert.match(missing.why, /\/no\/such\.key/);
    if (process.platform === 'win32') this.skip();
    await chmod(client.key, 0o644);
    const open = await failure(
      openAccess(await resolved({ ...settings, sslKey: client.key }), { env: bare }),
    );
    assert.match(open.next, /chmod 600/);
  });

  it('explains a file that is no certificate, and a key behind a passphrase', async () => {
    const settings = { ...byName, sslMode: 'require' as const };
    const noise = join(folder, 'noise.crt');
    await writeFile(noise, 'this is no certificate');
    const client = await authority.sign('sealed', 'postgres');
    const sealed = join(folder, 'sealed.key');
    await run('openssl', ['pkcs8', '-topk8', '-in', client.key, '-out', sealed, '-passout', 'pass:seal']);
    for (const broken of [
      { sslRootCert: noise },
      { sslCert: noise, sslKey: client.key },
      { sslCert: client.cert, sslKey: sealed },
    ])
      assert.equal(await outcome({ ...settings, ...broken }), 'connection.tls');
  });

  it('starts with TLS at once where the server can (17)', async function () {
    if (!postgresBin(17)) this.skip();
    const server = await startCluster(17);
    try {
      const own = await authority.sign('direct', 'direct', ['DNS:localhost']);
      await giveToOwnerOf(server.dataDir, own.cert, own.key);
      await server.sql(`alter system set ssl_cert_file = '${own.cert}'`);
      await server.sql(`alter system set ssl_key_file = '${own.key}'`);
      await server.sql('alter system set ssl = on');
      await server.sql('select pg_reload_conf()');
      const target = await resolved({
        hosts: [{ host: 'localhost', port: server.port, address: '127.0.0.1' }],
        user: 'postgres',
        database: 'postgres',
        sslMode: 'verify-full',
        sslRootCert: authority.root,
        extra: { sslnegotiation: 'direct' },
      });
      const open = (): Promise<boolean> =>
        openAccess(target, { password: server.password, env: bare }).then(
          () => true,
          () => false,
        );
      await until(open);
    } finally {
      await server.stop();
    }
  });

  it('says so when the server has no TLS', async () => {
    const plain = await startCluster(15);
    try {
      const at = { hosts: [{ host: '127.0.0.1', port: plain.port }], user: 'postgres', database: 'postgres' };
      const error = await failure(openAccess(await resolved({ ...at, sslMode: 'require' }), { env: bare }));
      assert.equal(error.code, 'connection.tls');
      assert.match(error.why, /does not support SSL/);
      await openAccess(await resolved({ ...at, sslMode: 'prefer' }), { password: plain.password, env: bare });
    } finally {
      await plain.stop();
    }
  });

  it('does without TLS on a socket, whatever the mode', async () => {
    const settings = { ...byName, hosts: [{ host: cluster.socketDir, port: cluster.port }] };
    assert.equal(
      await outcome({ ...settings, sslMode: 'verify-full', sslRootCert: authority.root }),
      'plain',
    );
  });

  it('binds the password to the channel when asked to', async () => {
    const settings = { ...byName, sslMode: 'require' as const, extra: { channel_binding: 'require' } };
    assert.equal(await outcome(settings), 'encrypted');
  });
});
