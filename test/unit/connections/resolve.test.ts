import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { RestorePointError } from '../../../src/engine/errors';
import {
  findPassword,
  listServices,
  resolve,
  type Connection,
  type ConnectionSettings,
} from '../../../src/engine/connections';
import { passwordIn } from '../../../src/engine/connections/passfile';

const connection = (settings: ConnectionSettings, more: Partial<Connection> = {}): Connection => ({
  id: 'x',
  name: 'x',
  role: 'local',
  settings,
  ...more,
});

describe('Resolving a connection (unit)', () => {
  let home: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'rp-resolve-'));
    env = { HOME: home, APPDATA: home, PGSYSCONFDIR: join(home, 'etc') };
    await mkdir(join(home, 'etc'));
    await mkdir(join(home, 'postgresql'));
  });
  afterEach(async () => await rm(home, { recursive: true }));

  const serviceFile = (): string =>
    process.platform === 'win32'
      ? join(home, 'postgresql', '.pg_service.conf')
      : join(home, '.pg_service.conf');

  it('fills every gap by libpq’s defaults', async () => {
    const { settings } = await resolve(connection({ hosts: [{ host: 'h', port: 1 }] }), env);
    const user = userInfo().username;
    assert.deepEqual(settings, { hosts: [{ host: 'h', port: 1 }], user, database: user, sslMode: 'prefer' });
  });

  it('takes what is said first, then the service, then variables', async () => {
    await writeFile(
      serviceFile(),
      '# mine\n[shop]\nhost=service-host\nport=6000\ndbname=service-db\nuser=service-user\nsslmode=require\n',
    );
    env = {
      ...env,
      PGHOST: 'env-host',
      PGPORT: '7000',
      PGUSER: 'env-user',
      PGAPPNAME: 'env-app',
      PGSSLMODE: 'disable',
    };
    const plain = await resolve(connection({}), env);
    assert.deepEqual(plain.settings, {
      hosts: [{ host: 'env-host', port: 7000 }],
      user: 'env-user',
      database: 'env-user',
      sslMode: 'disable',
      extra: { application_name: 'env-app' },
    });
    const served = await resolve(connection({ service: 'shop', user: 'me' }), env);
    assert.deepEqual(served.settings, {
      service: 'shop',
      hosts: [{ host: 'service-host', port: 6000 }],
      user: 'me',
      database: 'service-db',
      sslMode: 'require',
      extra: { application_name: 'env-app' },
    });
    const byVariable = await resolve(connection({}), { ...env, PGSERVICE: 'shop' });
    assert.equal(byVariable.settings.hosts[0]?.host, 'service-host');
  });

  it('keeps lists of hosts and ports together', async () => {
    env = { ...env, PGHOST: 'a,b', PGPORT: '1,2', PGHOSTADDR: '10.0.0.1,10.0.0.2' };
    assert.deepEqual((await resolve(connection({}), env)).settings.hosts, [
      { host: 'a', port: 1, address: '10.0.0.1' },
      { host: 'b', port: 2, address: '10.0.0.2' },
    ]);
    const own = await resolve(connection({ hosts: [{ host: 'mine', port: 9 }] }), env);
    assert.deepEqual(own.settings.hosts, [{ host: 'mine', port: 9 }]);
  });

  it('looks for a service in PGSERVICEFILE, then in the machine’s file', async () => {
    await writeFile(join(home, 'named.conf'), '[one]\nhost=from-named\n');
    await writeFile(join(home, 'etc', 'pg_service.conf'), '[two]\nhost=from-system\n[one]\nhost=hidden\n');
    env.PGSERVICEFILE = join(home, 'named.conf');
    const hostOf = async (service: string): Promise<string | undefined> =>
      (await resolve(connection({ service }), env)).settings.hosts[0]?.host;
    assert.equal(await hostOf('one'), 'from-named');
    assert.equal(await hostOf('two'), 'from-system');
    assert.deepEqual(await listServices(env), ['one', 'two']);
    await assert.rejects(
      hostOf('three'),
      (error) =>
        error instanceof RestorePointError &&
        error.code === 'connection.service' &&
        error.why.includes('named.conf'),
    );
  });

  it('reports a damaged service file with its line', async () => {
    await writeFile(serviceFile(), '[shop]\nhost=x\nnonsense\n');
    await assert.rejects(
      resolve(connection({ service: 'shop' }), env),
      (error) =>
        error instanceof RestorePointError && error.code === 'connection.syntax' && /Line 3/.test(error.why),
    );
  });

  it('reads ~ in paths of certificates', async () => {
    const { settings } = await resolve(connection({ sslRootCert: '~/ca.crt' }), env);
    assert.equal(settings.sslRootCert, join(home, 'ca.crt'));
  });

  it('means the far end’s localhost through a tunnel', async () => {
    const { settings } = await resolve(connection({}, { ssh: { destination: 'bastion' } }), env);
    assert.deepEqual(settings.hosts, [{ host: 'localhost', port: 5432 }]);
  });

  it('verifies fully against the system’s authorities', async () => {
    const { settings } = await resolve(connection({ sslRootCert: 'system' }), env);
    assert.equal(settings.sslMode, 'verify-full');
  });

  describe('passwords', () => {
    const settings: ConnectionSettings = { hosts: [{ host: 'h', port: 5433 }], user: 'u', database: 'd' };

    it('come from the service, then PGPASSWORD, then the password file', async () => {
      await writeFile(join(home, 'pass'), 'h:5433:d:u:from-file\n', { mode: 0o600 });
      await writeFile(serviceFile(), '[shop]\npassword=from-service\n');
      env.PGPASSFILE = join(home, 'pass');
      const plain = await resolve(connection(settings), env);
      assert.equal(await findPassword(plain, env), 'from-file');
      assert.equal(await findPassword(plain, { ...env, PGPASSWORD: 'from-env' }), 'from-env');
      const served = await resolve(connection({ ...settings, service: 'shop' }), env);
      assert.equal(await findPassword(served, { ...env, PGPASSWORD: 'from-env' }), 'from-service');
      assert.doesNotMatch(JSON.stringify(served), /from-service/);
    });

    it('are not taken from a file that others can read, and that is said', async function () {
      if (process.platform === 'win32') this.skip();
      const file = join(home, 'pass');
      await writeFile(file, '*:*:*:*:open-secret\n');
      await chmod(file, 0o644);
      const warnings: string[] = [];
      const resolved = await resolve(connection({ ...settings, passFile: file }), env);
      const ask = (): Promise<string | undefined> =>
        findPassword(resolved, env, { onWarning: (text) => warnings.push(text) });
      assert.equal(await ask(), undefined);
      assert.match(warnings.join(), /mode 644.*chmod 600/);
      assert.doesNotMatch(warnings.join(), /open-secret/);
      await chmod(file, 0o600);
      assert.equal(await ask(), 'open-secret');
      assert.equal(warnings.length, 1);
    });

    it('are unknown without a file, in silence', async () => {
      const warnings: string[] = [];
      const resolved = await resolve(connection(settings), env);
      assert.equal(await findPassword(resolved, env, { onWarning: (w) => warnings.push(w) }), undefined);
      assert.deepEqual(warnings, []);
    });

    const wanted = { host: 'h', port: '5432', database: 'd', user: 'u' };
    const lines: [text: string, wanted: typeof wanted, password: string | undefined][] = [
      ['h:5432:d:u:secret', wanted, 'secret'],
      ['*:*:*:*:secret', wanted, 'secret'],
      ['h:5433:d:u:no\nh:*:d:u:yes', wanted, 'yes'],
      ['# h:5432:d:u:no\r\nh:5432:d:u:yes\r\n', wanted, 'yes'],
      ['h:5432:d:u:a\\:b\\\\c', wanted, 'a:b\\c'],
      ['h:5432:d:u:a:b', wanted, 'a:b'],
      ['h:5432:x:u:no', wanted, undefined],
      ['h:5432:d:u', wanted, undefined],
      ['\\:\\:1:5432:*:u:six', { ...wanted, host: '::1' }, 'six'],
      ['h:5432:\\*:u:no', wanted, undefined],
      ['h:5432:\\*:u:star', { ...wanted, database: '*' }, 'star'],
      ['', wanted, undefined],
    ];
    for (const [text, question, password] of lines)
      it(`finds ${password ?? 'nothing'} in ${JSON.stringify(text)}`, () =>
        assert.equal(passwordIn(text, question), password));
  });
});
