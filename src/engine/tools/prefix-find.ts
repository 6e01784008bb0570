import * as l10n from '@vscode/l10n';
import { RestorePointError } from '../errors';
import { throughPrefix } from './prefix';
import { acceptsCompression, compressionProbe, compressionSpecs, run, toolNames } from './probe';
import { quoteWord } from './quote';
import type { ClientBuild, Compression, SearchOptions, ToolName } from './types';
import { parseVersion } from './versions';

/**
 * One shell over there tells all, line by line: a connection by ssh costs more than all the questions.
 * Every answer to every compression question is given; which of them count depends on the version.
 */
const script = (): string => {
  const specs = [...new Set([15, 16].flatMap((major) => compressionSpecs(major).map(([, spec]) => spec)))];
  const probe = compressionProbe('$spec').map((word) => (word.includes('$') ? `"${word}"` : quoteWord(word)));
  return `LC_ALL=C; export LC_ALL; seen=:
for folder in "$@" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/lib/postgresql*/bin /usr/libexec/postgresql* \\
  /usr/local/pgsql/bin /opt/homebrew/opt/postgresql@*/bin /opt/homebrew/opt/libpq/bin \\
  /usr/local/opt/postgresql@*/bin $(IFS=:; printf '%s ' $PATH)
do
  program=
  for name in psql pg_restore pg_dump; do [ -x "$folder/$name" ] && program=$folder/$name; done
  [ "$program" ] || continue
  real=$(readlink -f "$program" 2>/dev/null || printf %s "$program")
  case $real in */pg_wrapper) continue;; esac
  real=\${real%/*}
  case $seen in *":$real:"*) continue;; esac
  seen=$seen$real:
  echo "folder $folder"
  echo "version $("$program" --version </dev/null 2>&1)"
  for name in ${toolNames.join(' ')}; do [ -x "$folder/$name" ] && echo "tool $name"; done
  [ -x "$folder/pg_dump" ] && for spec in ${specs.join(' ')}; do
    echo "compress $spec $("$folder/pg_dump" ${probe.join(' ')} </dev/null 2>&1 | tr '\\n' ' ')"
  done
done
echo end`;
};

/** Client builds where the prefix leads. Throws `tool.prefix` when it leads nowhere. */
export async function findThroughPrefix(
  prefix: string[],
  { folders = [], signal, onProblem }: SearchOptions,
): Promise<ClientBuild[]> {
  const [command, ...args] = throughPrefix(prefix, ['sh', '-c', script(), 'sh', ...folders]);
  const { exitCode, stdout, stderr } = await run(command, args, signal);
  const lines = stdout.split(/\r?\n/);
  if (!lines.includes('end'))
    throw new RestorePointError({
      code: 'tool.prefix',
      what: l10n.t('The prefix {0} does not lead to a shell.', prefix.join(' ')),
      why: stderr || l10n.t('It ended with exit code {0}.', exitCode),
      next: l10n.t('Run {0} in a terminal and correct the prefix.', [...prefix, 'true'].join(' ')),
      remedies: [{ do: 'openSetting', with: { setting: 'restorePoint.tools.prefix' } }],
    });
  return readAnswers(lines, prefix, onProblem).sort((a, b) => b.version.num - a.version.num);
}

function readAnswers(
  lines: string[],
  prefix: string[],
  onProblem: SearchOptions['onProblem'],
): ClientBuild[] {
  const builds: ClientBuild[] = [];
  let folder = '';
  let build: ClientBuild | undefined;
  for (const line of lines) {
    const [, kind, rest = ''] = /^(\w+) (.*)$/s.exec(line) ?? [];
    if (kind === 'folder') {
      folder = rest;
      build = undefined;
    } else if (kind === 'version') {
      const version = parseVersion(rest);
      if (!version) onProblem?.(folder, rest);
      else
        builds.push(
          (build = { folder, version, tools: [], compression: ['none'], origin: 'prefix', prefix }),
        );
    } else if (kind === 'tool') build?.tools.push(rest as ToolName);
    else if (kind === 'compress' && build) {
      const [spec = '', ...words] = rest.split(' ');
      const method = compressionSpecs(build.version.major).find(([, one]) => one === spec)?.[0];
      if (method && acceptsCompression(words.join(' '))) build.compression.push(method satisfies Compression);
    }
  }
  return builds;
}
