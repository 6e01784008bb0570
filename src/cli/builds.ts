import { findBuilds } from '../engine/tools';
import type { ClientBuild } from '../engine/tools/types';
import type { Io } from './io';

/** Options of every verb that runs client programs. */
export const toolOptions = {
  tools: { type: 'string', multiple: true },
  'tool-prefix': { type: 'string' },
} as const;

/** Client builds as `--tools FOLDER` and `--tool-prefix WORDS` ask for them; without either, all there are. */
export async function buildsFor(
  io: Io,
  values: { tools?: string[]; 'tool-prefix'?: string },
): Promise<ClientBuild[]> {
  const prefix = values['tool-prefix'] === undefined ? undefined : words(values['tool-prefix']);
  const builds = await findBuilds({
    ...(values.tools ? { folders: values.tools } : {}),
    ...(prefix?.length ? { prefix } : {}),
    env: io.env,
    signal: io.signal,
  });
  // Who names a folder or a prefix means it: nothing else is taken behind their back.
  if (prefix?.length) return builds.filter(({ origin }) => origin === 'prefix');
  return values.tools ? builds.filter(({ origin }) => origin === 'setting') : builds;
}

/** Words of a prefix, parted at blanks; single and double quotes keep blanks together. */
export function words(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  );
}
