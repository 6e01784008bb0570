import assert from 'node:assert/strict';
import { RestorePointError } from '../../../src/engine/errors';
import {
  formatConnection,
  parseConnectionText,
  toConninfo,
  type Access,
  type ConnectionSettings,
  type ResolvedSettings,
} from '../../../src/engine/connections';
import { parseKeyValue } from '../../../src/engine/connections/text';

const host = (name: string, port = 5432): { host: string; port: number } => ({ host: name, port });

describe('Connection texts (unit)', () => {
  const cases: [text: string, settings: ConnectionSettings, password?: string][] = [
    ['postgresql://', {}],
    ['postgres://localhost', { hosts: [host('localhost')] }],
    ['postgresql://localhost:5433', { hosts: [host('localhost', 5433)] }],
    ['postgresql://localhost/mydb', { hosts: [host('localhost')], database: 'mydb' }],
    ['postgresql://user@localhost', { hosts: [host('localhost')], user: 'user' }],
    ['postgresql://user:secret@localhost', { hosts: [host('localhost')], user: 'user' }, 'secret'],
    [
      'postgresql://other@localhost/otherdb?connect_timeout=10&application_name=myapp',
      {
        hosts: [host('localhost')],
        user: 'other',
        database: 'otherdb',
        connectTimeoutSeconds: 10,
        extra: { application_name: 'myapp' },
      },
    ],
    [
      'postgresql://host1:123,host2:456/somedb?target_session_attrs=read-write',
      {
        hosts: [host('host1', 123), host('host2', 456)],
        database: 'somedb',
        targetSessionAttrs: 'read-write',
      },
    ],
    ['postgresql://host1,host2:456/x', { hosts: [host('host1'), host('host2', 456)], database: 'x' }],
    ['postgresql://h1,h2?port=99', { hosts: [host('h1', 99), host('h2', 99)] }],
    ['postgresql:///mydb?host=localhost&port=5433', { hosts: [host('localhost', 5433)], database: 'mydb' }],
    ['postgresql://[2001:db8::1234]/database', { hosts: [host('2001:db8::1234')], database: 'database' }],
    ['postgresql://[::1]:5433', { hosts: [host('::1', 5433)] }],
    [
      'postgresql://%2Fvar%2Flib%2Fpostgresql/dbname',
      { hosts: [host('/var/lib/postgresql')], database: 'dbname' },
    ],
    ['postgresql:///db?host=/var/run', { hosts: [host('/var/run')], database: 'db' }],
    ['postgresql:///db?host=@abstract', { hosts: [host('@abstract')], database: 'db' }],
    [
      'postgresql://us%40er:p%3A%2F%25w@h/d%22b%20%F0%9F%90%98%0A',
      { hosts: [host('h')], user: 'us@er', database: 'd"b 🐘\n' },
      'p:/%w',
    ],
    ['postgresql://u:a:b@h', { hosts: [host('h')], user: 'u' }, 'a:b'],
    ['postgresql://h/db?user=u&password=s%26', { hosts: [host('h')], user: 'u', database: 'db' }, 's&'],
    ['postgresql://h?ssl=true', { hosts: [host('h')], sslMode: 'require' }],
    ['postgresql://h?sslmode=no-verify', { hosts: [host('h')], sslMode: 'require' }],
    [
      'postgresql://h?sslmode=verify-full&sslrootcert=system&sslcert=/c&sslkey=/k',
      { hosts: [host('h')], sslMode: 'verify-full', sslRootCert: 'system', sslCert: '/c', sslKey: '/k' },
    ],
    ['postgresql://:5433/db', { extra: { port: '5433' }, database: 'db' }],
    ['postgresql://?service=shop', { service: 'shop' }],
    ['postgresql+asyncpg://h/db', { hosts: [host('h')], database: 'db' }],
    ['jdbc:postgresql://h:1/db', { hosts: [host('h', 1)], database: 'db' }],
    [
      'postgresql://h/db?schema=public&pgbouncer=true&connection_limit=1',
      { hosts: [host('h')], database: 'db' },
    ],
    [
      'postgresql://h/db?hostaddr=10.0.0.1&options=-c%20search_path%3Dx',
      {
        hosts: [{ host: 'h', port: 5432, address: '10.0.0.1' }],
        database: 'db',
        options: '-c search_path=x',
      },
    ],
    ['host=localhost', { hosts: [host('localhost')] }],
    [
      "  host = localhost port=5433  dbname='my \\'db\\\\'\nuser=a\\ b ",
      { hosts: [host('localhost', 5433)], database: "my 'db\\", user: 'a b' },
    ],
    ["host=h password='s e=c'", { hosts: [host('h')] }, 's e=c'],
    ["host=h user='' sslmode=", { hosts: [host('h')] }],
    ['host=a,b port=1,2', { hosts: [host('a', 1), host('b', 2)] }],
    ['host=a,b port=,2', { hosts: [host('a'), host('b', 2)] }],
    ['host=/tmp,@x', { hosts: [host('/tmp'), host('@x')] }],
    ['hostaddr=10.0.0.1', { hosts: [host('10.0.0.1')] }],
    ['service=shop dbname=x', { service: 'shop', database: 'x' }],
    ['dbname=x=y', { database: 'x=y' }],
    ['dbname=-leading', { database: '-leading' }],
  ];
  for (const [text, settings, password] of cases)
    it(`reads ${JSON.stringify(text)}`, () => {
      const parsed = parseConnectionText(text);
      assert.deepEqual(parsed.settings, settings);
      assert.equal(parsed.password, password);
      if (password) assert.ok(!JSON.stringify(parsed.settings).includes(password));
      assert.deepEqual(
        parseConnectionText(formatConnection(settings)).settings,
        settings,
        'and writes it back',
      );
    });

  const wrong = [
    '',
    '   ',
    'nonsense',
    'host',
    '=x',
    "host='x",
    'hots=x',
    'postgresql://h/db?nonsense=1',
    'postgresql://h/db?user',
    'postgresql://h:port/db',
    'postgresql://h:0/db',
    'postgresql://h:65536/db',
    'postgresql://[::1/db',
    'postgresql://h/%zz',
    'postgresql://h/%00',
    'postgresql://h/%ff',
    'host=a,b port=1,2,3',
    'host=a,b hostaddr=1.1.1.1',
    'sslmode=maybe',
    'connect_timeout=soon',
    'target_session_attrs=best',
    'host=h sslpassword=s3cret',
    'postgresql://u:s3cret@h:s3cretport%/x',
  ];
  for (const text of wrong)
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseConnectionText(text),
        (error: unknown) =>
          error instanceof RestorePointError &&
          error.code === 'connection.syntax' &&
          Boolean(error.next) &&
          !JSON.stringify(error.facts()).includes('s3cret@'),
      );
    });

  it('suggests a name', () => {
    assert.equal(parseConnectionText('postgresql://u@db.example.com/shop').name, 'shop@db.example.com');
    assert.equal(parseConnectionText('postgresql://a:1,b:2').name, 'a:1,…');
    assert.equal(parseConnectionText('service=shop').name, 'shop');
  });

  describe('for the tools', () => {
    const access = (
      settings: Partial<ResolvedSettings>,
      endpoint: Access['endpoint'],
      own?: Access['host'],
    ): Access => ({
      connection: {
        id: 'x',
        name: 'x',
        role: 'local',
        settings: {
          hosts: [host('db.example.com'), host('second')],
          user: 'u',
          database: 'd',
          sslMode: 'verify-full',
          ...settings,
        },
      },
      endpoint,
      ...(own ? { host: own } : {}),
      password: 'never-here',
      close: async () => {},
    });

    it('points at the host that answered', () => {
      const text = toConninfo(access({}, host('second', 7), host('second', 7)), 'other');
      assert.deepEqual(parseKeyValue(text), {
        host: 'second',
        port: '7',
        connect_timeout: '15',
        dbname: 'other',
        user: 'u',
        sslmode: 'verify-full',
      });
    });

    it('keeps the server’s name through a tunnel, so that certificates are checked against it', () => {
      const keywords = parseKeyValue(toConninfo(access({}, host('127.0.0.1', 40001)), 'd'));
      assert.equal(keywords.host, 'db.example.com');
      assert.equal(keywords.hostaddr, '127.0.0.1');
      assert.equal(keywords.port, '40001');
    });

    it('asks no TLS of a socket at the far end of a tunnel', () => {
      const socket = host('/run/postgresql');
      const keywords = parseKeyValue(
        toConninfo(access({ hosts: [socket] }, host('127.0.0.1', 40001), socket), 'd'),
      );
      assert.equal(keywords.host, '127.0.0.1');
      assert.equal(keywords.sslmode, 'disable');
    });

    it('quotes every name, and holds no password', () => {
      const name = `a'b\\c "d" 🐘\n-x`;
      const text = toConninfo(access({ user: name }, host('h')), name, { application_name: name });
      const keywords = parseKeyValue(text);
      assert.deepEqual([keywords.dbname, keywords.user, keywords.application_name], [name, name, name]);
      assert.doesNotMatch(text, /never-here|password/);
    });
  });
});
