import assert from 'node:assert/strict';
import { linesWith, projectFiles } from '../../support/committed';

/** What a log, a recorded tool output or a document must never carry; `•••` is what masking leaves. */
const secrets: [what: string, pattern: RegExp][] = [
  [
    'a password in a URI',
    /\bpostgres(ql)?:\/\/[^\s/:@]*:(?!(•••|…|\*+|PASSWORD|<[^>]+>|\$\{?\w+\}?)@)[^\s/@]+@/,
  ],
  ['a password as a conninfo keyword', /\bpassword\s*=\s*(?!(•••|…|\*+|<|\$|'?•••))['"]?[^\s'"…]{3,}/i],
  ['PGPASSWORD with a value', /\bPGPASSWORD=(?!(•••|…|<|\$))[^\s;]+/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a SCRAM verifier', /SCRAM-SHA-256\$\d+:/],
];

const recorded = projectFiles().filter(
  (path) =>
    /^test\/fixtures\/.*\.(log|txt|jsonl?|out|err|md)$/.test(path) || /^(docs\/.*|[A-Z]+)\.md$/.test(path),
);

describe('recorded output and documents', () => {
  it('are found', () => assert.ok(recorded.includes('README.md')));

  for (const [what, pattern] of secrets)
    it(`hold no ${what.replace(/^a /, '')}`, () => {
      assert.deepEqual(
        recorded.flatMap((path) => linesWith(path, pattern)),
        [],
      );
    });

  for (const [index, line] of [
    'connecting to postgresql://app:hunter22@db/shop',
    "host=db password='hunter22' dbname=shop",
    'PGPASSWORD=hunter22 pg_dump',
    `-----BEGIN ${'PRIVATE'} KEY-----`,
    'SCRAM-SHA-256$4096:abc',
  ].entries())
    it(`would be caught: ${secrets[index]?.[0]}`, () => assert.match(line, secrets[index]?.[1] ?? /^$/));

  it('may show what masking leaves', () => {
    for (const line of ['postgresql://app:•••@db/shop', 'password=••• host=db', 'PGPASSWORD=•••'])
      for (const [, pattern] of secrets) assert.doesNotMatch(line, pattern);
  });
});
