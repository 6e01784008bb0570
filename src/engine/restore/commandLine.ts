import { quoteWord } from '../tools';
import type { RestoreRequest } from './types';

/**
 * The `restore-point restore …` that asks for the same.
 *
 * @param into a stored connection's name, or connection text without a password
 */
export function commandOf(request: RestoreRequest, into: string): string {
  const { artifact, database, strategy, options = {}, pick, rename = {} } = request;
  const words = ['restore-point', 'restore', artifact, '--into', into];
  const flag = (name: string, value?: string | number | boolean): void => {
    if (value === undefined || value === false) return;
    words.push(value === true ? `--${name}` : `--${name}=${value}`);
  };
  flag('database', database);
  if (strategy !== 'new') flag('strategy', strategy);
  for (const [name, value] of Object.entries(options)) {
    if (name === 'clean' && value === false) flag('no-clean', true);
    else if (name === 'exit-on-error') flag('strict', Boolean(value));
    else for (const one of [value].flat()) flag(name, one);
  }
  for (const entry of pick?.entries ?? []) flag('pick', entry);
  flag('existing', pick?.existing);
  flag('no-needed', pick?.dependencies === false);
  flag('no-rows', pick?.rows === false);
  const names = {
    'schema-as': rename.schemas,
    'owner-as': rename.owners,
    'tablespace-as': rename.tablespaces,
  };
  for (const [name, pairs] of Object.entries(names))
    for (const [from, to] of Object.entries(pairs ?? {})) flag(name, `${from}=${to}`);
  for (const extension of request.withoutExtensions ?? []) flag('without-extension', extension);
  flag('tolerant', request.tolerant);
  flag('rehearse', request.rehearse);
  for (const { sql } of request.checks ?? []) flag('check', sql);
  flag(request.rolesFrom ? 'roles-from-globals' : 'create-roles', Boolean(request.createRoles?.length));
  flag('end-sessions', request.endSessions);
  flag('ignore-room', request.ignoreRoom);
  flag('safety', request.safety);
  flag('allow-meta-commands', request.allowMetaCommands);
  return words.map(quoteWord).join(' ');
}
