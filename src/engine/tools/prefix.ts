import { basename } from 'node:path/posix';
import type { Access } from '../connections';
import { quoteWord } from './quote';

/**
 * Programs that run somewhere else through a prefix: `docker exec -i db`, `ssh host`, `sudo -u postgres`.
 * Over there a POSIX shell is expected.
 */

/** Words before `ssh` that only change who or how, not where. */
const transparent = new Set(['sudo', 'doas', 'env', 'nice', 'ionice', 'sshpass', 'timeout']);

/** Programs that lead to another network, where a tunnel's local end is not. */
const leading = new Set([
  'ssh',
  'plink',
  'docker',
  'docker-compose',
  'podman',
  'nerdctl',
  'kubectl',
  'oc',
  'lxc',
  'incus',
  'wsl',
]);

/** The programs a prefix may be made of, by their plain names. */
function names(prefix: string[]): string[] {
  return prefix.map((word) => basename(word.replaceAll('\\', '/')).replace(/\.exe$/i, ''));
}

/** The word of a prefix that leads elsewhere, if its first or one after `sudo` and the like does. */
function leader(prefix: string[]): string | undefined {
  const [first = '', ...rest] = names(prefix);
  if (leading.has(first)) return first;
  return transparent.has(first) ? rest.find((name) => leading.has(name)) : undefined;
}

/** ssh glues its words with blanks and gives them to a shell over there: they must be quoted once more. */
export function isGluedByShell(prefix: string[]): boolean {
  const name = leader(prefix);
  return name === 'ssh' || name === 'plink';
}

/** The access as it is from where the prefix leads: our end of a tunnel is not over there, the server is. */
export function seenFrom(prefix: string[] | undefined, access: Access): Access {
  if (!prefix || !access.connection.ssh || !leader(prefix)) return access;
  return { ...access, endpoint: access.host ?? access.connection.settings.hosts[0] ?? access.endpoint };
}

/**
 * A libpq string without the host or port that the prefix itself sets: `docker exec -i -e PGPORT=5432 db`
 * where the container's port is published under another number.
 */
export function withoutPlace(conninfo: string, prefix: string[] = []): string {
  const sets = (name: string): boolean =>
    prefix.some((word) => new RegExp(`^(-e|--env=)?${name}=`).test(word));
  const dropped = [...(sets('PGHOST') ? ['host', 'hostaddr'] : []), ...(sets('PGPORT') ? ['port'] : [])];
  return conninfo.replace(/(\w+)='(?:[^'\\]|\\.)*' ?/gs, (pair, name: string) =>
    dropped.includes(name) ? '' : pair,
  );
}

/** The whole command: prefix and words, quoted where a shell will read them. */
export function throughPrefix(prefix: string[], words: string[]): [string, ...string[]] {
  const [first, ...rest] = prefix;
  if (first === undefined) throw new Error('The prefix is empty.');
  return [first, ...rest, ...(isGluedByShell(prefix) ? words.map(quoteWord) : words)];
}

/**
 * Reads the password from the first line of standard input, so that it is in no argument list on either
 * side, then becomes the program, whose standard input is what follows.
 */
const feedScript = `IFS= read -r line
PGPASSWORD=$(printf '%b_' "$line"); PGPASSWORD=\${PGPASSWORD%_}
if [ -n "$PGPASSWORD" ]; then export PGPASSWORD; else unset PGPASSWORD; fi
unset line
exec env "$@"`;

/**
 * The same for a program that reads nothing: standard input then stays open as long as we live, and its
 * end means that the program must end too. Neither ssh nor docker carries a signal over.
 */
const watchScript = `IFS= read -r line
PGPASSWORD=$(printf '%b_' "$line"); PGPASSWORD=\${PGPASSWORD%_}
if [ -n "$PGPASSWORD" ]; then export PGPASSWORD; else unset PGPASSWORD; fi
unset line
exec 3<&0
if command -v setsid >/dev/null 2>&1; then group=-; else group=; fi
\${group:+setsid} env "$@" </dev/null 3<&- &
program=$!
stop() { kill -TERM -- $group$program 2>/dev/null || kill -TERM $program 2>/dev/null; }
trap stop INT TERM HUP
( trap '' INT TERM HUP; while read -r line; do :; done; stop ) <&3 >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait $program; status=$?
while kill -0 $program 2>/dev/null; do wait $program; status=$?; done
kill -KILL $watcher 2>/dev/null
exit $status`;

/** Words that run a program over there, with additions to its environment that are no secrets. */
export function shellWords(
  program: string,
  args: string[],
  { readsInput, env = {} }: { readsInput: boolean; env?: Record<string, string> },
): string[] {
  const additions = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return ['sh', '-c', readsInput ? feedScript : watchScript, 'sh', ...additions, program, ...args];
}

/** The password as the scripts' `printf %b` reads it back: one line whatever is in it. */
export function passwordLine(password: string | undefined): string {
  return `${(password ?? '').replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`;
}
