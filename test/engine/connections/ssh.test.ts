import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  openAccess,
  toConninfo,
  withClient,
  type Access,
  type ConnectionSettings,
  type SshSettings,
} from '../../../src/engine/connections';
import { CancelledError } from '../../../src/engine/errors';
import { isSameProcess } from '../../../src/engine/process';
import { giveToOwnerOf, makeAuthority, type Authority } from '../../support/certificates';
import { bare, failure, resolved, until } from '../../support/connect';
import { freePort, startCluster, type Cluster } from '../../support/postgres';
import { sshdProgram, startSshd, writeSshConfig, type Sshd } from '../../support/sshd';

const run = promisify(execFile);

describe('ssh tunnels through the system’s ssh (engine)', function () {
  let cluster: Cluster;
  let folder: string;
  let authority: Authority;
  let bastion: Sshd;
  let inner: Sshd;
  let configFile: string;
  let at: ConnectionSettings;
  const opened: Access[] = [];

  before(async function () {
    if (!sshdProgram()) this.skip();
    folder = await mkdtemp(join(tmpdir(), 'rp-ssh-'));
    await chmod(folder, 0o755);
    authority = await makeAuthority(join(folder, 'ca'));
    const server = await authority.sign('server', 'db', ['DNS:db.internal.test', 'DNS:localhost']);
    cluster = await startCluster(15);
    await giveToOwnerOf(cluster.dataDir, server.cert, server.key);
    for (const [name, value] of [
      ['ssl_cert_file', server.cert],
      ['ssl_key_file', server.key],
      ['ssl', 'on'],
    ] as const)
      await cluster.sql(`alter system set ${name} = '${value}'`);
    await cluster.sql('select pg_reload_conf()');
    bastion = await startSshd();
    inner = await startSshd();
    configFile = await writeSshConfig(folder, { bastion: { sshd: bastion }, inner: { sshd: inner } });
    at = {
      hosts: [{ host: '127.0.0.1', port: cluster.port }],
      user: 'postgres',
      database: 'postgres',
      connectTimeoutSeconds: 30,
    };
  });
  afterEach(async () => {
    for (const access of opened.splice(0)) await access.close();
  });
  after(async () => {
    await Promise.all([cluster?.stop(), bastion?.stop(), inner?.stop()]);
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function open(
    settings: ConnectionSettings = at,
    ssh: Partial<SshSettings> = {},
    more: Parameters<typeof openAccess>[1] = {},
  ): Promise<Access> {
    const target = await resolved(settings, { ssh: { destination: 'bastion', configFile, ...ssh } });
    const access = await openAccess(target, { password: cluster.password, env: bare, ...more });
    opened.push(access);
    return access;
  }

  const ask = async (access: Access): Promise<unknown> =>
    (await withClient(access, 'postgres', (c) => c.query('select inet_client_addr() is not null as tcp')))
      .rows[0];

  it('is opened when needed, serves our client and the tools, and is gone after', async () => {
    let ssh: { pid: number; startedAtTicks: string | null } | undefined;
    const access = await open(at, {}, { onStart: (process) => (ssh = process) });
    assert.notEqual(access.endpoint.port, cluster.port);
    assert.deepEqual(await ask(access), { tcp: true });
    const { stdout } = await run(
      join(cluster.bin, 'pg_dump'),
      ['--schema-only', '-d', toConninfo(access, 'postgres')],
      { env: { ...bare, PGPASSWORD: cluster.password } },
    );
    assert.match(stdout, /PostgreSQL database dump complete/);
    assert.ok(ssh && isSameProcess(ssh.pid, ssh.startedAtTicks));
    await access.close();
    assert.ok(!isSameProcess(ssh.pid, ssh.startedAtTicks));
    await assert.rejects(reach(access.endpoint.port));
    await access.close();
  });

  it('goes over jump hosts', async () => {
    const before = bastion.log().length;
    const access = await open(at, { destination: 'inner', jump: 'bastion' });
    await ask(access);
    assert.match(bastion.log().slice(before), /Accepted publickey/);
    assert.match(inner.log(), /Accepted publickey/);
  });

  it('checks the server’s own name through the tunnel, for our client and for the tools', async () => {
    const hosts = [{ host: 'db.internal.test', port: cluster.port, address: '127.0.0.1' }];
    const settings = { ...at, hosts, sslMode: 'verify-full' as const, sslRootCert: authority.root };
    const access = await open(settings);
    const { stdout } = await run(
      join(cluster.bin, 'psql'),
      [
        '-XAtc',
        'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
        '-d',
        toConninfo(access, 'postgres'),
      ],
      { env: { ...bare, PGPASSWORD: cluster.password } },
    );
    assert.equal(stdout.trim(), 't');
    const error = await failure(open({ ...settings, hosts: at.hosts ?? [] }));
    assert.equal(error.code, 'connection.tls');
  });

  it('reaches a socket on the far side', async () => {
    const access = await open({
      ...at,
      hosts: [{ host: cluster.socketDir, port: cluster.port }],
      sslMode: 'require',
    });
    assert.deepEqual(await ask(access), { tcp: false });
    const { stdout } = await run(
      join(cluster.bin, 'psql'),
      ['-XAtc', 'select 1', '-d', toConninfo(access, 'postgres')],
      {
        env: bare,
      },
    );
    assert.equal(stdout.trim(), '1');
  });

  it('tries several hosts on the far side, and says what the far side could not reach', async () => {
    const down = { host: '127.0.0.1', port: await freePort() };
    const [up] = at.hosts ?? [];
    assert.ok(up);
    const access = await open({ ...at, hosts: [down, up] });
    assert.deepEqual(access.host, up);
    const error = await failure(open({ ...at, hosts: [down] }));
    assert.equal(error.code, 'connection.refused');
    assert.match(error.what, new RegExp(`From bastion.*:${down.port}`));
    assert.match(error.why, /Connection refused/);
  });

  it('still tells a wrong password for what it is', async () => {
    const error = await failure(open(at, {}, { password: 'wrong' }));
    assert.equal(error.code, 'connection.password');
  });

  it('explains what ssh says: unknown host key, refused login, no sshd, no such host, bad option', async () => {
    const stranger = await startSshd();
    try {
      const unknown = await writeSshConfig(join(folder, 'unknown'), { bastion: { sshd: bastion } }, []);
      const locked = await writeSshConfig(join(folder, 'locked'), {
        bastion: { sshd: bastion, lines: [`IdentityFile ${stranger.identity}`] },
      });
      const cases: [Partial<SshSettings>, RegExp, RegExp][] = [
        [{ configFile: unknown }, /Host key verification failed/, /ssh .*bastion.*once in a terminal/],
        [{ configFile: locked }, /Permission denied \(publickey\)/, /ssh-add/],
        [{ port: await freePort() }, /Connection refused/, /Check host, port/],
        [{ destination: 'nowhere.invalid' }, /Could not resolve hostname/, /Check host/],
        [{ destination: '-oProxyCommand=touch pwned' }, /./, /terminal/],
      ];
      for (const [ssh, why, next] of cases) {
        const error = await failure(open(at, ssh));
        assert.equal(error.code, 'connection.ssh');
        assert.match(error.why, why);
        assert.match(error.next, next);
        assert.doesNotMatch(error.why, /debug1/);
      }
    } finally {
      await stranger.stop();
    }
  });

  it('explains a far side that forbids forwarding', async () => {
    const strict = await startSshd({ config: ['AllowTcpForwarding no'] });
    try {
      const file = await writeSshConfig(join(folder, 'strict'), { bastion: { sshd: strict } });
      const error = await failure(open(at, { configFile: file }));
      assert.match(error.why, /administratively prohibited|open failed/);
    } finally {
      await strict.stop();
    }
  });

  it('says that ssh is not installed', async () => {
    const target = await resolved(at, { ssh: { destination: 'bastion', configFile } });
    const error = await failure(openAccess(target, { env: { ...bare, PATH: folder } }));
    assert.equal(error.code, 'connection.ssh');
    assert.match(error.next, /Install the OpenSSH client/);
  });

  it('is not stopped by forwards of the user’s own configuration that are taken', async () => {
    const taken = createServer();
    taken.unref();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const address = taken.address();
    assert.ok(address && typeof address === 'object');
    const file = await writeSshConfig(join(folder, 'taken'), {
      bastion: {
        sshd: bastion,
        lines: [`IdentityFile ${bastion.identity}`, `LocalForward 127.0.0.1:${address.port} 127.0.0.1:1`],
      },
    });
    await ask(await open(at, { configFile: file }));
    taken.close();
  });

  it('uses the connection the user has open where ssh may not log in by itself', async () => {
    const control = [`ControlPath ${join(folder, 'cm-%p')}`];
    const master = await writeSshConfig(join(folder, 'master'), {
      bastion: { sshd: bastion, lines: [`IdentityFile ${bastion.identity}`, ...control] },
    });
    // The same place for somebody whose key alone does not do, as with a second factor.
    const locked = await writeSshConfig(join(folder, 'second'), {
      bastion: { sshd: bastion, lines: [`IdentityFile ${inner.identity}`, ...control] },
    });
    assert.equal((await failure(open(at, { configFile: locked }))).code, 'connection.ssh');
    await run('ssh', ['-F', master, '-M', '-N', '-f', 'bastion'], { env: bare });
    try {
      const access = await open(at, { configFile: locked });
      assert.deepEqual(await ask(access), { tcp: true });
      await access.close();
      await assert.rejects(reach(access.endpoint.port), 'nothing is left in the user’s connection');
      await run('ssh', ['-F', master, '-O', 'check', 'bastion'], { env: bare });
    } finally {
      await run('ssh', ['-F', master, '-O', 'exit', 'bastion'], { env: bare });
    }
  });

  it('can be cancelled while ssh waits', async () => {
    const cancel = new AbortController();
    const silent = createServer(() => cancel.abort());
    silent.unref();
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const address = silent.address();
    assert.ok(address && typeof address === 'object');
    let ssh: { pid: number; startedAtTicks: string | null } | undefined;
    await assert.rejects(
      open(at, { port: address.port }, { signal: cancel.signal, onStart: (process) => (ssh = process) }),
      CancelledError,
    );
    assert.ok(ssh && !isSameProcess(ssh.pid, ssh.startedAtTicks));
    silent.close();
  });

  it('tells of a tunnel that died', async () => {
    let pid = 0;
    const access = await open(at, {}, { onStart: (process) => (pid = process.pid) });
    process.kill(pid, 'SIGKILL');
    await until(() =>
      reach(access.endpoint.port).then(
        () => false,
        () => true,
      ),
    );
    const error = await failure(withClient(access, 'postgres', (c) => c.query('select 1')));
    assert.equal(error.code, 'connection.ssh');
  });
});

function reach(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
