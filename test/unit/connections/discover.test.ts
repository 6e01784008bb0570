import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { discover } from '../../../src/engine/connections';
import { isDiscoverable } from '../../../src/engine/connections/discover';
import { interpolate } from '../../../src/engine/connections/discover/interpolate';
import { publishedPort } from '../../../src/engine/connections/discover/ports';

describe('Connections found in a workspace (unit)', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'rp-found-'))));
  afterEach(async () => await rm(folder, { recursive: true }));

  async function write(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  }
  const found = async (env: NodeJS.ProcessEnv = {}): Promise<unknown[]> =>
    (await discover(folder, env)).map(({ label, detail, line, settings, password }) => [
      label,
      detail,
      line,
      `${settings.user ?? ''}@${settings.hosts?.map((h) => `${h.host}:${h.port}`).join() ?? ''}/${settings.database ?? ''}`,
      password,
    ]);

  it('reads URIs in .env files, whatever the variable is called', async () => {
    await write({
      '.env': [
        '# the shop',
        'NODE_ENV=development',
        'DATABASE_URL="postgresql://shop:s3cret@localhost:5433/shop_dev?schema=public"',
        "export REPORTS='postgres://r@reports.example.com/reports'",
        'REDIS_URL=redis://localhost',
        'MYSQL=mysql://localhost/x',
        '',
      ].join('\n'),
      '.env.test': 'DATABASE_URL=postgres://shop@localhost:5433/shop_test\n',
    });
    assert.deepEqual(await found(), [
      ['.env', 'DATABASE_URL → shop_dev', 3, 'shop@localhost:5433/shop_dev', 's3cret'],
      ['.env', 'REPORTS → reports', 4, 'r@reports.example.com:5432/reports', undefined],
      ['.env.test', 'DATABASE_URL → shop_test', 1, 'shop@localhost:5433/shop_test', undefined],
    ]);
  });

  it('resolves references, and leaves a dollar in a password alone', async () => {
    await write({
      '.env': 'DB=shop\nPW=pa$sword\nURL=postgres://${USR:-me}:${PW}@localhost/$DB\n',
    });
    assert.deepEqual(await found(), [['.env', 'URL → shop', 3, 'me@localhost:5432/shop', 'pa$sword']]);
  });

  it('reads connections in pieces', async () => {
    await write({
      '.env': 'PGHOST=h\nPGUSER=u\nPGDATABASE=d\nPGPASSWORD=p\n',
      'laravel/.env': 'DB_CONNECTION=pgsql\nDB_HOST=127.0.0.1\nDB_PORT=5432\nDB_DATABASE=l\nDB_USERNAME=lu\n',
      'mysql/.env': 'DB_CONNECTION=mysql\nDB_HOST=127.0.0.1\nDB_PORT=3306\nDB_DATABASE=m\n',
    });
    assert.deepEqual(await found(), [
      ['.env', 'PGHOST → d', 1, 'u@h:5432/d', 'p'],
      ['laravel/.env', 'DB_HOST → l', 2, 'lu@127.0.0.1:5432/l', undefined],
    ]);
  });

  it('takes example files only where there is nothing better', async () => {
    const url = (name: string): string => `DATABASE_URL=postgres://localhost/${name}\n`;
    await write({ 'a/.env.example': url('a'), 'b/.env.example': url('b_example'), 'b/.env': url('b') });
    assert.deepEqual(
      (await discover(folder, {})).map(({ detail }) => detail),
      ['DATABASE_URL → a', 'DATABASE_URL → b'],
    );
  });

  it('reads compose files with their .env', async () => {
    await write({
      '.env': 'DB_PORT=15432\nDB_SECRET=from-dot-env\n',
      'compose.yaml': `
x-db: &db
  POSTGRES_USER: \${DB_USER:-shop}
services:
  web:
    image: nginx
    ports: ["80:80"]
  db:
    image: postgres:17-alpine
    environment:
      <<: *db
      POSTGRES_PASSWORD: \${DB_SECRET}
      POSTGRES_DB: shop_dev
    ports:
      - "\${DB_PORT}:5432"
  gis:
    image: docker.io/postgis/postgis:16-3.4@sha256:abc
    environment:
      - POSTGRES_PASSWORD=x=y
      - POSTGRES_DB
    ports:
      - target: 5432
        published: "5444"
        host_ip: 127.0.0.1
  hidden:
    image: postgres
  exporter:
    image: prometheuscommunity/postgres-exporter
    ports: ["9187:5432"]
  own:
    build: ./db
    environment: { POSTGRES_PASSWORD: o }
    network_mode: host
`,
    });
    assert.deepEqual(await found({ POSTGRES_DB: 'outside' }), [
      ['compose.yaml', 'db', 8, 'shop@localhost:15432/shop_dev', 'from-dot-env'],
      ['compose.yaml', 'gis', 16, 'postgres@127.0.0.1:5444/outside', 'x=y'],
      ['compose.yaml', 'own', 30, 'postgres@localhost:5432/postgres', 'o'],
    ]);
  });

  it('knows images, env files and override files', async () => {
    const service = (image: string, port: number): string =>
      `    image: ${image}\n    ports: ["${port}:5432"]\n`;
    await write({
      'docker-compose.yml':
        'services:\n' +
        `  a:\n${service('timescale/timescaledb-ha:pg17', 1001)}` +
        `  b:\n${service('pgvector/pgvector:pg17', 1002)}` +
        `  c:\n${service('registry.example.com:5000/bitnami/postgresql:17', 1003)}` +
        '    environment: { POSTGRESQL_USERNAME: bu, POSTGRESQL_DATABASE: bd }\n' +
        `  d:\n${service('supabase/postgres:15', 1004)}    env_file: [db.env]\n` +
        '  e:\n    image: postgres\n',
      'docker-compose.override.yml': 'services:\n  e:\n    ports: ["1005:5432"]\n',
      'db.env': 'POSTGRES_PASSWORD=filed\n',
    });
    assert.deepEqual(await found(), [
      ['docker-compose.yml', 'a', 2, 'postgres@localhost:1001/postgres', undefined],
      ['docker-compose.yml', 'b', 5, 'postgres@localhost:1002/postgres', undefined],
      ['docker-compose.yml', 'c', 8, 'bu@localhost:1003/bd', undefined],
      ['docker-compose.yml', 'd', 12, 'postgres@localhost:1004/postgres', 'filed'],
      ['docker-compose.yml', 'e', 16, 'postgres@localhost:1005/postgres', undefined],
    ]);
  });

  it('passes over what cannot be understood, and folders of other people’s files', async () => {
    await write({
      '.env': 'DATABASE_URL=postgres://h:notaport/x\n\u0000\u0001',
      'compose.yaml': 'services: [1, : }{',
      'docker-compose.dev.yml': 'services:\n  - a\n',
      'compose.list.yml': '- 1',
      'node_modules/x/.env': 'DATABASE_URL=postgres://localhost/x\n',
      'a/b/c/.env': 'DATABASE_URL=postgres://localhost/deep\n',
      'a/b/c/d/.env': 'DATABASE_URL=postgres://localhost/too_deep\n',
    });
    const before = await readdir(folder, { recursive: true });
    assert.deepEqual(
      (await discover(folder, {})).map(({ detail }) => detail),
      ['DATABASE_URL → deep'],
    );
    assert.deepEqual(await readdir(folder, { recursive: true }), before, 'and writes nothing');
    assert.deepEqual(await discover(join(folder, 'nowhere'), {}), []);
  });

  it('offers the same place once', async () => {
    await write({ '.env': 'A=postgres://u:1@localhost/x\nB=postgres://u:2@localhost/x?sslmode=require\n' });
    assert.equal((await discover(folder, {})).length, 1);
  });

  it('knows which files to watch', () => {
    for (const name of ['.env', '/x/.env.local', 'compose.yaml', 'docker-compose.dev.yml', 'db.env'])
      assert.ok(isDiscoverable(name), name);
    for (const name of ['env', 'package.json', 'compose.json']) assert.ok(!isDiscoverable(name), name);
  });

  const values: Record<string, string> = { SET: 'value', EMPTY: '' };
  const texts: [string, string][] = [
    ['a $SET b', 'a value b'],
    ['${SET}', 'value'],
    ['${NONE}', ''],
    ['$$SET', '$SET'],
    ['${NONE:-d}', 'd'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${NONE-d}', 'd'],
    ['${SET:+alt}', 'alt'],
    ['${EMPTY:+alt}', ''],
    ['${EMPTY+alt}', 'alt'],
    ['${NONE:?needed}', ''],
    ['${NONE:-${SET}}', 'value'],
    ['${NONE:-${ALSO:-x}}y', 'xy'],
    ['100$', '100$'],
    ['${unclosed', '${unclosed'],
    ['$1', '$1'],
    ['${NONE:-'.repeat(50) + 'x' + '}'.repeat(50), '${NONE:-'.repeat(42) + 'x' + '}'.repeat(42)],
  ];
  for (const [text, result] of texts)
    it(`interpolates ${text.slice(0, 40)}`, () =>
      assert.equal(
        interpolate(text, (name) => values[name]),
        result,
      ));

  const ports: [unknown, string | undefined][] = [
    ['5433:5432', 'localhost:5433'],
    ['127.0.0.1:5433:5432', '127.0.0.1:5433'],
    ['0.0.0.0:5433:5432/tcp', 'localhost:5433'],
    ['[::1]:5433:5432', '::1:5433'],
    ['5433:5432/udp', undefined],
    ['5430-5435:5430-5435', 'localhost:5432'],
    ['6000-6005:5430-5435', 'localhost:6002'],
    ['5432', undefined],
    ['80:80', undefined],
    [5432, undefined],
    [{ target: 5432, published: 1 }, 'localhost:1'],
    [{ target: 5432 }, undefined],
    [{ target: 5432, published: 1, protocol: 'udp' }, undefined],
    [null, undefined],
  ];
  for (const [port, place] of ports)
    it(`finds ${place ?? 'no place'} in ports: ${JSON.stringify(port)}`, () => {
      const at = publishedPort([port], 5432);
      assert.equal(at && `${at.host}:${at.port}`, place);
    });
});
