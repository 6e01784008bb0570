import assert from 'node:assert/strict';
import { createStatement, databaseTraits } from '../../../src/engine/restore/createDatabase';

describe('CREATE DATABASE of a restore', () => {
  const cases: [definition: string, traits: Record<string, string>][] = [
    [
      `CREATE DATABASE a WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C.UTF-8';\n`,
      { ENCODING: 'UTF8', LOCALE_PROVIDER: 'libc', LOCALE: 'C.UTF-8' },
    ],
    [
      `CREATE DATABASE "My ""Db"" WITH ENCODING = 'X'" WITH TEMPLATE = template0 ENCODING = 'LATIN1' LC_COLLATE = 'de_DE' LC_CTYPE = 'fr_FR' TABLESPACE = "big disk";`,
      { ENCODING: 'LATIN1', LC_COLLATE: 'de_DE', LC_CTYPE: 'fr_FR', TABLESPACE: 'big disk' },
    ],
    [
      `CREATE DATABASE i WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = icu LOCALE = 'C' ICU_LOCALE = 'en-US' ICU_RULES = '&a < ''b''';`,
      { ENCODING: 'UTF8', LOCALE_PROVIDER: 'icu', LOCALE: 'C', ICU_LOCALE: 'en-US', ICU_RULES: "&a < 'b'" },
    ],
    [
      `CREATE DATABASE x WITH TEMPLATE = template0 IS_TEMPLATE = true CONNECTION LIMIT = 3 ENCODING = 'UTF8';`,
      { ENCODING: 'UTF8' },
    ],
    ['DROP DATABASE postgres;', {}],
  ];
  for (const [definition, traits] of cases)
    it(definition.slice(0, 50), () => assert.deepEqual(databaseTraits(definition), traits));

  it('quotes whatever the archive says', () => {
    assert.equal(
      createStatement('a"b', { ENCODING: "U'; DROP TABLE x; --", LOCALE_PROVIDER: 'libc' }),
      `CREATE DATABASE "a""b" WITH TEMPLATE = template0 ENCODING = 'U''; DROP TABLE x; --' LOCALE_PROVIDER = "libc"`,
    );
  });
});
