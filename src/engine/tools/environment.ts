/**
 * The environment a PostgreSQL program gets: ours without anything that would steer it behind the
 * plan's back (`PG*`), messages in English (they are read), and the given additions.
 */
export function cleanEnvironment(
  extra: Record<string, string> = {},
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^PG|^(LC_ALL|LC_MESSAGES|LANGUAGE)$/i.test(name));
  return {
    ...Object.fromEntries(kept),
    // LC_ALL would override LC_MESSAGES; its word on characters is kept.
    ...(env.LC_ALL ? { LC_CTYPE: env.LC_ALL } : {}),
    LC_MESSAGES: 'C',
    ...extra,
  };
}
