import { connection, dbname, information } from './shared';
import type { ToolOption } from './types';

const interactive = 'It is for people at a terminal.';
const tables = 'It shapes printed query results, which nobody reads here.';

const row = (
  flag: string,
  short: string | undefined,
  takes: ToolOption['takes'],
  group: ToolOption['group'],
  summary: string,
  managed?: string,
): ToolOption => ({ flag, short, takes, group, summary, managed });

/** https://www.postgresql.org/docs/current/app-psql.html */
export const psql: ToolOption[] = [
  {
    ...row('command', 'c', 'text', 'script', 'run only single command (SQL or internal) and exit'),
    repeat: true,
    managed: 'The script is the backup.',
  },
  {
    ...row('file', 'f', 'path', 'script', 'execute commands from file, then exit'),
    repeat: true,
    managed: 'The script is the backup.',
  },
  row('list', 'l', 'nothing', 'information', 'list available databases, then exit', 'It restores nothing.'),
  {
    ...row('set', 'v', 'text', 'script', 'set psql variable NAME to VALUE'),
    match: '[A-Za-z0-9_\\u0080-\\uffff]+(=[^]*)?',
    repeat: true,
  },
  {
    ...row('variable', undefined, 'text', 'script', 'set psql variable NAME to VALUE'),
    repeat: true,
    managed: 'Another name of set.',
  },
  row(
    'no-psqlrc',
    'X',
    'nothing',
    'script',
    'do not read startup file (~/.psqlrc)',
    'Always given: a start-up file could change what a script does.',
  ),
  row(
    'single-transaction',
    '1',
    'nothing',
    'running',
    'execute as a single transaction (if non-interactive)',
  ),
  row('echo-all', 'a', 'nothing', 'output', 'echo all input from script'),
  row('echo-errors', 'b', 'nothing', 'output', 'echo failed commands'),
  row('echo-queries', 'e', 'nothing', 'output', 'echo commands sent to server'),
  row(
    'echo-hidden',
    'E',
    'nothing',
    'output',
    'display queries that internal commands generate',
    interactive,
  ),
  row('log-file', 'L', 'path', 'output', 'send session log to file', 'The job keeps the log.'),
  row(
    'no-readline',
    'n',
    'nothing',
    'output',
    'disable enhanced command line editing (readline)',
    interactive,
  ),
  row('output', 'o', 'path', 'output', 'send query results to file (or |pipe)', tables),
  row('quiet', 'q', 'nothing', 'output', 'run quietly (no messages, only query output)'),
  row('single-step', 's', 'nothing', 'output', 'single-step mode (confirm each query)', interactive),
  row(
    'single-line',
    'S',
    'nothing',
    'output',
    'single-line mode (end of line terminates SQL command)',
    interactive,
  ),
  row('no-align', 'A', 'nothing', 'output', 'unaligned table output mode', tables),
  { ...row('csv', undefined, 'nothing', 'output', 'CSV table output mode', tables), since: 12 },
  row('field-separator', 'F', 'text', 'output', 'field separator for unaligned output', tables),
  row('html', 'H', 'nothing', 'output', 'HTML table output mode', tables),
  { ...row('pset', 'P', 'text', 'output', 'set printing option VAR to ARG', tables), repeat: true },
  row('record-separator', 'R', 'text', 'output', 'record separator for unaligned output', tables),
  row('tuples-only', 't', 'nothing', 'output', 'print rows only', tables),
  row('table-attr', 'T', 'text', 'output', 'set HTML table tag attributes', tables),
  row('expanded', 'x', 'nothing', 'output', 'turn on expanded table output', tables),
  row('field-separator-zero', 'z', 'nothing', 'output', 'zero byte as field separator', tables),
  row('record-separator-zero', '0', 'nothing', 'output', 'zero byte as record separator', tables),
  dbname('database name to connect to'),
  ...connection,
  // psql's -v sets a variable; it has no verbose mode.
  ...information.filter((option) => option.flag !== 'verbose'),
];
