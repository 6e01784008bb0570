import assert from 'node:assert/strict';
import { maskSecrets } from '../../../src/engine/archive';

describe('secrets in definitions', () => {
  it('are masked: passwords of roles and mappings, connection strings', () => {
    for (const [definition, masked] of [
      [
        "ALTER ROLE a WITH LOGIN PASSWORD 'SCRAM-SHA-256$4096:it''s' VALID UNTIL 'infinity';\n",
        "ALTER ROLE a WITH LOGIN PASSWORD '••••••' VALID UNTIL 'infinity';\n",
      ],
      ["CREATE ROLE b PASSWORD E'a\\'b';", "CREATE ROLE b PASSWORD E'••••••';"],
      [
        `CREATE USER MAPPING FOR x SERVER s OPTIONS ("user" 'me', password 'x', "api_key" 'y');`,
        `CREATE USER MAPPING FOR x SERVER s OPTIONS ("user" 'me', password '••••••', "api_key" '••••••');`,
      ],
      [
        "CREATE SUBSCRIPTION s CONNECTION 'host=h password=x user=u' PUBLICATION p;",
        "CREATE SUBSCRIPTION s CONNECTION 'host=h password=•••••• user=u' PUBLICATION p;",
      ],
      [
        "CREATE SUBSCRIPTION s CONNECTION 'postgresql://me:x@h/db' PUBLICATION p;",
        "CREATE SUBSCRIPTION s CONNECTION 'postgresql://me:••••••@h/db' PUBLICATION p;",
      ],
    ] as const)
      assert.equal(maskSecrets(definition), masked);
  });

  it('leave everything else as it is', () => {
    for (const definition of [
      "CREATE TABLE t (password text DEFAULT 'x', a int);",
      'CREATE FUNCTION f() RETURNS bool LANGUAGE sql AS $$SELECT password = $1 FROM t$$;',
      "COMMENT ON TABLE t IS 'the password is not here';",
      'CREATE VIEW v AS SELECT 1;\n',
      '',
    ])
      assert.equal(maskSecrets(definition), definition);
  });
});
