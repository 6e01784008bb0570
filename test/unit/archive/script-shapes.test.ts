import assert from 'node:assert/strict';
import { open } from '../../../src/engine/archive';
import { fixture } from '../../support/fixtures';

/** What other tools write, by the file in test/fixtures/scripts: kind, schema and name of every entry. */
const shapes: Record<string, string[]> = {
  'django.sql': [
    'TABLE - polls_poll',
    'TABLE - polls_choice',
    'FK CONSTRAINT - polls_choice polls_choice_poll_id_fk',
    'INDEX - polls_choice_poll_id',
  ],
  'drizzle.sql': ['TABLE - users', 'DO - ', 'INDEX - name_idx'],
  'prisma.sql': [
    'TYPE - Role',
    'TABLE - User',
    'TABLE - Post',
    'INDEX - User_email_key',
    'FK CONSTRAINT - Post Post_authorId_fkey',
  ],
  'rails.sql': ['TABLE public users', 'CONSTRAINT public users users_pkey', 'TABLE DATA - schema_migrations'],
  'supabase.sql': [
    'EXTENSION - pg_net',
    'COMMENT - SCHEMA "public"',
    'TYPE public status',
    'FUNCTION public handle_new_user()',
    'TABLE public todos',
    'SEQUENCE public todos_id_seq',
    'CONSTRAINT public todos todos_pkey',
    'POLICY public todos Own rows',
    'ROW SECURITY public todos',
    'PUBLICATION TABLE public supabase_realtime todos',
    'ACL - SCHEMA "public"',
    'ACL public TABLE "todos"',
    'DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES',
    'TABLE DATA public todos',
    'SEQUENCE SET public todos_id_seq',
  ],
};

const rows: Record<string, (string | null)[][]> = {
  'rails.sql': [['20240102030405'], ['20230102030405']],
  'supabase.sql': [
    ['1', 'write; a test', 'open'],
    ['2', "it's done", 'done'],
    ['3', null, 'open'],
  ],
};

describe('scripts of other tools', () => {
  for (const [name, expected] of Object.entries(shapes))
    it(`${name}: every statement is an entry, every row is read`, async () => {
      await using dump = await open(fixture('scripts', name));
      const { entries, faults, metaCommands } = dump.contents;
      assert.deepEqual(
        entries.map((entry) => `${entry.kind} ${entry.schema ?? '-'} ${entry.name}`),
        expected,
      );
      assert.deepEqual([faults, metaCommands], [[], []]);
      const data = entries.find(({ kind }) => kind === 'TABLE DATA');
      const found: (string | null)[][] = [];
      if (data) for await (const row of dump.rows(data.id)) found.push(row.values);
      assert.deepEqual(found, rows[name] ?? []);
    });
});
